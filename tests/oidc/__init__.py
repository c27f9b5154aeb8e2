"""The sign-in of the page at a certified OpenID provider."""
