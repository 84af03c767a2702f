"""What models are taught: reviewed documents as immutable snapshots, imported labels, conflicts, withdrawals."""
