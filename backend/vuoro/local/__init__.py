"""Everything about running on one machine: the embedded PostgreSQL, the demo's processes, the doctor."""
