"""What is asked: shipped types, and schemas as very different authors would write them."""
