"""CloudFormation resource types, one idea per file; `resource.py` is what they share."""
