"""Words of the database's names: told apart, in the cases that languages write them, singular and plural."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# Where one word ends and the next begins inside a run of letters: filmActor, HTTPServer.
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@cache
def words(name: str, *, ascii_only: bool = False) -> tuple[str, ...]:
    """Return the words of a name, in the letters that it has; signs with a name of their own become words.

    Python reads identifiers in their NFKC form, so that is the form of the words.
    """
    found: list[str] = []
    for run in re.split(r"[^\w]+|_+", _readable(name, ascii_only=ascii_only)):
        found += [word for word in _HUMP.split(run) if word]
    return tuple(found)


def _readable(name: str, *, ascii_only: bool) -> str:
    text = unicodedata.normalize("NFKD" if ascii_only else "NFKC", name)
    if text.isascii():
        return text
    return "".join(_sign(sign, ascii_only=ascii_only) for sign in text)


def _sign(sign: str, *, ascii_only: bool) -> str:
    if sign.isascii() or (not ascii_only and (sign.isidentifier() or f"a{sign}".isidentifier())):
        return sign
    if unicodedata.category(sign)[0] in "MCPZ":
        return "" if unicodedata.category(sign)[0] == "M" else " "
    return f" {unicodedata.name(sign, f'u{ord(sign):x}').lower()} "


def snake(name: str, *, ascii_only: bool = False) -> str:
    """Return a name as film_actor."""
    return "_".join(words(name, ascii_only=ascii_only)).lower()


def pascal(name: str, *, ascii_only: bool = False) -> str:
    """Return a name as FilmActor; a word in capitals within other words keeps them."""
    parts = words(name, ascii_only=ascii_only)
    if all(word.isupper() or not word.isalpha() for word in parts):
        parts = tuple(word.lower() for word in parts)
    return "".join(word[:1].upper() + word[1:] for word in parts)


def camel(name: str, *, ascii_only: bool = False) -> str:
    """Return a name as filmActor."""
    first, *rest = words(name, ascii_only=ascii_only) or ("",)
    return first.lower() + "".join(word[:1].upper() + word[1:].lower() for word in rest)


def upper(name: str, *, ascii_only: bool = False) -> str:
    """Return a name as FILM_ACTOR."""
    return "_".join(words(name, ascii_only=ascii_only)).upper()


_SINGULAR = dict(
    pair.split("/")
    for pair in """people/person men/man women/woman children/child mice/mouse feet/foot teeth/tooth geese/goose
    indices/index vertices/vertex matrices/matrix appendices/appendix criteria/criterion phenomena/phenomenon
    movies/movie cookies/cookie ties/tie pies/pie lies/lie dies/die zombies/zombie rookies/rookie calories/calorie
    categories/category shoes/shoe toes/toe foes/foe canoes/canoe horses/horse houses/house courses/course
    purchases/purchase databases/database cases/case bases/base phases/phase phrases/phrase releases/release
    leases/lease diseases/disease increases/increase expenses/expense licenses/license responses/response
    universes/universe warehouses/warehouse spouses/spouse uses/use causes/cause clauses/clause pauses/pause
    nurses/nurse purposes/purpose doses/dose roses/rose noses/nose exercises/exercise premises/premise
    analyses/analysis bases/base diagnoses/diagnosis theses/thesis hypotheses/hypothesis crises/crisis axes/axis
    caches/cache aches/ache niches/niche leaves/leaf halves/half shelves/shelf wolves/wolf knives/knife wives/wife
    lives/life quizzes/quiz buses/bus viruses/virus statuses/status aliases/alias ids/id prizes/prize sizes/size
    staff/staff series/series species/species news/news data/data media/media sms/sms gps/gps dns/dns lens/lens aws/aws
    os/os https/https is/is has/has was/was as/as us/us yes/yes always/always""".split()
)
_PLURAL = {one: many for many, one in _SINGULAR.items() if one != many} | {"base": "bases"}
_KEPT = ("ss", "us", "is", "as", "os", "ics")
_PHOTO = ("photos", "videos", "audios", "radios", "logos", "memos", "demos", "repos", "todos", "ratios", "portfolios")


def singular(word: str) -> str:
    """Return an English word, in lower case, in the singular; one that may be none stays as it is."""
    if word in _SINGULAR:
        return _SINGULAR[word]
    if word in _PHOTO:
        return word[:-1]
    if len(word) < 4 or not word.endswith("s") or word.endswith(_KEPT):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]


def plural(word: str) -> str:
    """Return an English word, in lower case and in the singular, in the plural."""
    if word in _PLURAL:
        return _PLURAL[word]
    if _SINGULAR.get(word) == word or (word.endswith("s") and singular(word) != word):
        return word
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"


def _with_last(name: str, *, many: bool) -> str:
    *first, last = words(name) or ("",)
    one = singular(last.lower())
    changed = plural(one) if many else one
    if last.isupper() and len(last) > 1:
        changed = changed.upper()
    elif last[:1].isupper():
        changed = changed[:1].upper() + changed[1:]
    return "_".join([*first, changed])


def singular_name(name: str) -> str:
    """Return a name with its last word in the singular."""
    return _with_last(name, many=False)


def plural_name(name: str) -> str:
    """Return a name with its last word in the plural."""
    return _with_last(name, many=True)
