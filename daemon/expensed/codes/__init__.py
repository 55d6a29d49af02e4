"""What the codes on a page say, typed: payment codes and fiscal codes; nothing here knows of pages."""
