"""Working without a mouse: only keys, as a screen reader's user has them."""

from __future__ import annotations

from playwright.async_api import Page

STEPS = 150
"""Presses of Tab after which something counts as out of reach."""
SAID = """() => {
  const at = document.activeElement;
  const own = at.matches("a, button, summary") ? [at.textContent] : [];
  return [...own, ...Array.from(at.labels ?? [], label => label.textContent)].join(" ");
}"""
"""What names the element that has the focus; nothing where it is a table or picture that is focused to be scrolled."""


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what this text names: a link or button that says it, or the field that it labels."""
    for _ in range(STEPS):
        await page.keyboard.press("Tab")
        said = await page.evaluate(SAID)
        if name in said:
            return
    raise AssertionError(f"no Tab leads to {name!r}")


async def press(page: Page, name: str) -> None:
    """Tab to a link or button, press Enter, and wait for the page that follows."""
    await tab_to(page, name)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def type_into(page: Page, label: str, text: str) -> None:
    """Tab to a field and type into it."""
    await tab_to(page, label)
    await page.keyboard.type(text)
