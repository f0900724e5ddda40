"""Members' allowances: a year against its budget, and the pay run of each month from calculation to payment."""
