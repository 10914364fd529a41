"""What browsers and donation pages send, and the page that thanks donors."""
