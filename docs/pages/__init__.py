"""One module a page of docs/reference. Each has a function that answers the page's text, from the code alone."""
