"""The pages that readers see. What they change, they change by POST, and without a cookie."""
