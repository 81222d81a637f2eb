"""What this project adds to community LocalStack; see README.md beside this package."""
