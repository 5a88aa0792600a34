"""The pages: of evaluators, of the coordinator, of counsellors who retell open words."""
