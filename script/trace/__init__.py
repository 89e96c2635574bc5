"""The trace of the requirements: from each rule's text to the package, the page and the tests that show it."""
