"""The pages: server-rendered forms, one style sheet, one small script, nothing from elsewhere."""
