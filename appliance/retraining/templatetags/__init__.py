"""What templates of other packages show of this app."""
