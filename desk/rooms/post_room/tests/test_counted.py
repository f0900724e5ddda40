"""Messages counted by what became of them."""

from __future__ import annotations

from desk.rooms.post_room.pages import counted


def test_each_template_and_channel_is_one_row_whatever_its_messages_came_to():
    rows = counted([
        {"template": "rejected", "channel": "post", "status": "failed", "messages": 2},
        {"template": "rejected", "channel": "post", "status": "waiting", "messages": 5},
        {"template": "allowed", "channel": "email", "status": "delivered", "messages": 1},
    ])  # fmt: skip
    assert rows == [("allowed", "email", [0, 0, 0, 1, 0, 0]), ("rejected", "post", [5, 0, 0, 0, 2, 0])]
