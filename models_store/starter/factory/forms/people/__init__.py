"""Forms about a person: applications, questionnaires, tax forms, payslips."""
