"""Workbooks with something wrong in them: cells, rows, columns and bytes changed by a seed."""

import zlib
from collections.abc import Callable
from io import BytesIO
from random import Random
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from xlsform.workbooks import Book, SourceError, render

# What authors mistype, and what nobody should be able to harm us with.
TEXTS = (
    "", " ", "-", "0", "007", "1e999", "-1", "1000000", "3.5", "NaN", "yes", "no", "TRUE", "true()",
    "false()", "text", "integer", "select_one x", "select_one yes_no or_other",
    "select_multiple ${a}", "rank yes_no", "begin_group", "end_group", "begin group", "end group",
    "begin_repeat", "end_repeat", "begin_loop", "end loop", "calculate", "note", "hidden", "audit",
    "deviceid", "range", "geopoint", "image", "trigger", "acknowledge", "xml-external",
    "csv-external", "select_one_from_file a.csv", "select_one_external x", "start", "today", "a",
    "meta", "instanceID", "data", "name", "label", "1a", "a b", "a:b", "_", "é", "ü", "名前",
    "x" * 300, "x" * 30_000, "${a}", "${", "${}", "${ a }", "${a", "$a", "}", "${last-saved#a}",
    "${a}${b}", "${nosuch}", ".", "..", ". = .", ". > 1)", "((((", "(" * 3_000,
    "not(" * 400 + "1" + ")" * 400, "1" + " + 1" * 2_000, '${a} = "x" and ${b} != "y"',
    "selected(${a}, 'b')", "if(1, 2)", "foo()", "regex(., '(a+)+$')", "regex(., '[')",
    "regex(., '(a|a)*b{1000000}')", "'open", '"', "a[b", "//*", "../..", "/", "@x", "a::b",
    "jr:choice-name(${a}, '${a}')", "pulldata('f', 'a', 'b', ${a})",
    "instance('x')/root/item[name = ${a}]", "indexed-repeat(${a}, ${b}, 1)", "count(${a})",
    "sum(${a})", "position(..)", "once(${a})", "coalesce(${a}, today())", "date('2020-99-99')",
    "format-date(today(), '%Q')", "random()", "now() + 1", "1 div 0", "concat('" + "é" * 500 + "')",
    "start=1 end=0 step=0", "start=x", "randomize=true seed=${a}", "max-pixels=abc", "a=b c",
    "value=a label=b", "<b>x</b>", "</label>", "&amp;", "&#0;", "]]>", "<!DOCTYPE x>",
    "**bold** _x_ [a](javascript:alert(1))", "=1+1", "#REF!", "\u0007", "\ufffe", "\u202e",
    "\u2028", "a\nb", "\t", "\N{NO-BREAK SPACE}", "“${a}”", "👩‍👧", "סטר", "a|b\\|c", "field-list",
    "minimal", "search('a')", "table-list", "label", "w99", "map" * 50, 'z="x"', 'z="', "jr",
    "xmlns",
)  # fmt: skip
HEADERS = (
    "", "type", "name", "label", "label::", "label::x", "label::Deutsch (de)", "::", "bind::",
    "bind::z:disclosure", "bind::q:x", "bind::relevant", "bind::nodeset", "control::ref", "body::x",
    "instance::x", "media::image", "relevant", "relevance", "required", "constraint", "calculation",
    "calculate", "choice_filter", "repeat_count", "trigger", "default", "parameters", "appearance",
    "hint", "read_only", "readonly", "list_name", "list name", "disabled", "command", "a b", "1",
    "<x>", "form_id", "default_language", "namespaces", "version", "style", "instance_name",
    "clean_text_values", "allow_choice_duplicates", "public_key", "submission_url", "sms_keyword",
    "attribute::x", "\u0007", "save_to",
)  # fmt: skip
SHEETS = (
    "survey",
    "choices",
    "settings",
    "external_choices",
    "entities",
    "osm",
    "Survey",
    "x",
    "cascades",
)

Grid = list[list[str]]
Change = Callable[[Grid, Random], None]


def mutated(book: Book, random: Random) -> Book:
    """Return the sheets with one to six changes."""
    sheets: dict[str, Grid] = {name: [list(row) for row in rows] for name, rows in book.items()}
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        if random.random() < 0.06:
            _change_sheets(sheets, random)
        elif sheets:
            grid = sheets[random.choice(list(sheets))]
            if grid and any(grid):
                random.choice(CHANGES)(grid, random)
    return {name: tuple(map(tuple, rows)) for name, rows in sheets.items()}


def _change_sheets(sheets: dict[str, Grid], random: Random) -> None:
    name = random.choice([*sheets, *SHEETS])
    if random.random() < 0.4:
        sheets.pop(name, None)
    else:
        sheets[random.choice(SHEETS)] = [row[:] for row in sheets.get(name, [["type", "name"]])]


def _spot(grid: Grid, random: Random, first: int = 1) -> tuple[list[str], int]:
    row = grid[random.randrange(min(first, len(grid) - 1), len(grid))]
    width = max(map(len, grid))
    row.extend([""] * (width - len(row)))
    return row, random.randrange(width)


def _write(grid: Grid, random: Random) -> None:
    row, column = _spot(grid, random)
    row[column] = random.choice(TEXTS)


def _rename(grid: Grid, random: Random) -> None:
    grid[0].extend([""] * (max(map(len, grid)) - len(grid[0])))
    grid[0][random.randrange(len(grid[0]))] = random.choice([*HEADERS, *TEXTS])


def _add_column(grid: Grid, random: Random) -> None:
    width = max(map(len, grid))
    for row in grid:
        row.extend([""] * (width - len(row)))
        row.append(random.choice(TEXTS) if random.random() < 0.3 else "")
    grid[0][-1] = random.choice(HEADERS)


def _copy_cell(grid: Grid, random: Random) -> None:
    row, column = _spot(grid, random)
    other, there = _spot(grid, random)
    row[column] = other[column if random.random() < 0.5 else there]


def _spoil(grid: Grid, random: Random) -> None:
    row, column = _spot(grid, random)
    text = row[column]
    place = random.randint(0, len(text))
    kept = random.choice((0, 0, 1, 2, 5))
    row[column] = (
        text[:place] + random.choice((*"()[]{}$.'\"|/=<>,-:# é\0", *TEXTS)) + text[place + kept :]
    )


def _refer(grid: Grid, random: Random) -> None:
    names = [cell for row in grid for cell in row if cell.isidentifier()] or ["a"]
    row, column = _spot(grid, random)
    row[column] += random.choice(("${%s}", "${%s} = 1", "not(${%s})", " + ${%s}")) % random.choice(
        names
    )


def _move_row(grid: Grid, random: Random) -> None:
    row = grid.pop(random.randrange(len(grid)))
    grid.insert(random.randint(0, len(grid)), row)


def _copy_row(grid: Grid, random: Random) -> None:
    row = random.choice(grid)
    times = random.choice((1, 1, 1, 2, 60))
    place = random.randint(0, len(grid))
    grid[place:place] = [row[:] for _ in range(times)]


def _drop_row(grid: Grid, random: Random) -> None:
    del grid[random.randrange(len(grid))]


def _drop_column(grid: Grid, random: Random) -> None:
    column = random.randrange(max(map(len, grid)))
    for row in grid:
        del row[column : column + 1]


CHANGES: tuple[Change, ...] = (
    _write,
    _write,
    _write,
    _spoil,
    _spoil,
    _refer,
    _copy_cell,
    _rename,
    _add_column,
    _move_row,
    _copy_row,
    _drop_row,
    _drop_column,
)


def as_file(book: Book, random: Random) -> tuple[bytes, str]:
    """Return the sheets as a file, now and then with bytes changed, and its ending."""
    suffix = random.choice((".md", ".md", ".xlsx"))
    try:
        content = render(book, suffix)
    except (SourceError, UnicodeEncodeError):
        return b"", suffix
    if random.random() < 0.25:
        content = spoiled(content, random)
    if suffix == ".xlsx" and random.random() < 0.5:
        content = _spoiled_part(content, random)
    return content, suffix


def spoiled(content: bytes, random: Random) -> bytes:
    """Return `content` with some bytes changed, cut or repeated."""
    changed = bytearray(content)
    for _ in range(random.randint(1, 8)):
        place = random.randint(0, len(changed))
        size = random.choice((1, 1, 2, 16, 200))
        kind = random.random()
        if kind < 0.5:
            changed[place : place + size] = random.randbytes(size)
        elif kind < 0.75:
            del changed[place : place + size]
        else:
            changed[place:place] = changed[place : place + size]
    return bytes(changed)


def _spoiled_part(content: bytes, random: Random) -> bytes:
    """Return an .xlsx file with bytes changed inside one of its parts, packed well again."""
    made = BytesIO()
    try:
        with ZipFile(BytesIO(content)) as source, ZipFile(made, "w", ZIP_DEFLATED) as file:
            chosen = random.choice(source.namelist())
            for name in source.namelist():
                part = source.read(name)
                file.writestr(name, spoiled(part, random) if name == chosen else part)
    except (
        BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        IndexError,
    ):
        return content
    return made.getvalue()
