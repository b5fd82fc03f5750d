"""A comparison of pages as a table for people and as a document for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drumscribe.evaluation.notation.comparing import FolderScore
from drumscribe.evaluation.text_tables import table, three


def comparison_dict(score: FolderScore) -> dict[str, Any]:
    """A comparison of folders, as JSON knows it."""
    return {
        "strict_f": score.strict_f,
        "aligned_f": score.aligned_f,
        "metre_right": sum(page.metre_right for page in score.pages) / len(score.pages),
        "missing": list(score.missing),
        "pages": [
            {
                **asdict(page),
                "strict_f": page.strict_f,
                "aligned_f": page.aligned_f,
                "metre_right": page.metre_right,
            }
            for page in score.pages
        ],
    }


def comparison_table(score: FolderScore) -> str:
    """A comparison of folders, as text."""
    head = ("page", "notes", "written", "F strict", "F aligned", "bars off", "metre", "tempo",
            "triplets")  # fmt: skip
    body = [
        (page.name, str(page.true_notes), str(page.written_notes), three(page.strict_f),
         three(page.aligned_f), str(page.shift), f"{page.written_metre} ({page.true_metre})",
         "-" if page.tempo_ratio is None else f"x{page.tempo_ratio:.2f}",
         f"{page.written_triplets} ({page.true_triplets})")
        for page in score.pages
    ]  # fmt: skip
    pooled = ("all", "", "", three(score.strict_f), three(score.aligned_f), "", "", "", "")
    return table(head, [*body, pooled]) + "\n"
