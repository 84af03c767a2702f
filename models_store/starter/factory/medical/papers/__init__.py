"""Shorter papers: referrals, prescriptions, radiology reports, vaccination records."""
