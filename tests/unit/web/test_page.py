"""The page carries its own policy: nothing runs in it except what it contains."""

import base64
import hashlib
import json
import re

from expensed.extraction.category.choose_category import CATEGORIES
from expensed.web.routes.live_page import load_page


def test_the_policy_names_the_script_and_the_style_by_what_they_are():
    page = load_page(CATEGORIES)
    text = page.content.decode()
    (script,) = re.findall(r'<script type="module">(.*?)</script>', text, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    for content, directive in ((script, "script-src"), (style, "style-src")):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in page.policy
    assert "unsafe" not in page.policy
    assert page.policy.startswith("default-src 'none'; ")


def test_nothing_in_it_would_breach_the_policy():
    text = load_page(CATEGORIES).content.decode()
    assert not re.search(r"""<[^>]*\s(?:on[a-z]+|style)\s*=\s*["']""", text)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text)
    assert not re.search(r"https?://", text)


def test_it_offers_the_categories_that_there_are():
    (names,) = re.findall(r'id="categories">(.*?)</script>', load_page(CATEGORIES).content.decode())
    assert json.loads(names) == list(CATEGORIES)
