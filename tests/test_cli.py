"""The command: its JSON, its exit codes, and one line for whatever is wrong."""

# mypy: allow-untyped-calls

import io
import json
import os
import subprocess
import sys

import pytest

from rag import index as index_store
from rag.bot import Bot
from rag.cli import main
from rag.cli.ask import MAX_BATCH_LINE
from tests.conftest import CARIDAD, MINES, ROOT, SEED, WORD_READER, FakeEncoder

FRONT = "Have both sides been playing hard to get?"
TOP_KEYS = [
    *("id", "question", "status", "message", "quotes", "related", "suggestions", "understood", "sides"),
    *("language", "schema"),
]
QUOTE_KEYS = [
    *("text", "speaker", "role", "article", "start", "end", "asked", "score", "link"),
    *("title", "date", "reported", "interpreted", "also", "id", "core"),
]


def is_one_complaint(err):
    """Standard error is one line of ours, no traceback."""
    assert err.startswith("onrecord: ")
    assert err.count("\n") == 1
    return True


def test_an_answer_as_json(run, article):
    """`ask --json` prints one object of exactly the contract's fields; each quote slices back."""
    code, out, err = run("ask", "--json", FRONT)
    assert (code, err, out.count("\n")) == (0, "", 1)
    answer = json.loads(out)
    assert list(answer) == TOP_KEYS
    assert (answer["id"], answer["question"], answer["status"]) == (None, FRONT, "answered")
    for quote in (*answer["quotes"], *answer["related"]):
        assert list(quote) == QUOTE_KEYS
        assert quote["text"] == article.text[quote["start"] : quote["end"]]
    best = answer["quotes"][0]
    assert (best["speaker"], best["role"], best["article"]) == (MINES, "USIP", "usip-venezuela-2022")
    assert best["text"].endswith("“hard to get”")
    assert best["asked"].startswith("What do we know")
    assert best["link"].startswith(f"{article.url}#:~:text=")
    assert "\\u" not in out


def test_a_declined_answer_as_json(run):
    """What is not answered is exit 0, status declined, no quotes, a message of ours."""
    code, out, err = run("ask", "--json", "What do they say about tourism?")
    answer = json.loads(out)
    assert (code, err, answer["status"], answer["quotes"]) == (0, "", "declined", [])
    assert answer["message"]


def test_an_answer_as_text(run):
    """In a terminal the answer has the message, name and role, the words, what was asked, and the place."""
    code, out, err = run("ask", FRONT)
    assert (code, err) == (0, "")
    assert f"{MINES} (USIP)" in out
    assert "  | " in out
    assert "both have played “hard to get”" in out
    assert "  asked: What do we know" in out
    assert "usip-venezuela-2022, characters " in out


def test_near_misses_are_told_apart_in_text(run):
    """A declined answer's near misses stand under a line that says they are no answer."""
    _, out, _ = run("ask", "--speaker", "Caridad", "Who is Alex Saab?")
    assert "not an answer" in out
    assert out.index("not an answer") < out.index(MINES + " (")


@pytest.mark.parametrize("question", ["???", "hi", "thanks", "who are the speakers?"])
def test_small_talk_is_no_error(run, question):
    """Small talk and a question without words are declined: exit 0, no quotes, a message."""
    code, out, err = run("ask", "--json", question)
    answer = json.loads(out)
    assert (code, err, answer["status"], answer["quotes"], answer["related"]) == (0, "", "declined", [], [])
    assert answer["message"]


def test_a_question_from_standard_input(run):
    """Without a question the command reads standard input, and answers alike."""
    piped = json.loads(run("ask", "--json", stdin=FRONT.encode() + b"\n")[1])
    given = json.loads(run("ask", "--json", FRONT)[1])
    assert piped["quotes"] == given["quotes"] != []


def test_a_speaker_filter(run):
    """`--speaker` lets only that person's words answer."""
    answer = json.loads(run("ask", "--json", "--speaker", "caridad", "What of sanctions?")[1])
    assert {quote["speaker"] for quote in answer["quotes"]} == {CARIDAD}


@pytest.mark.parametrize(
    ("argv", "stdin", "says"),
    [
        (["ask", "--since", "soon", "oil?"], b"", "YYYY"),
        (["ask", "--since", "2023", "--until", "2022", "oil?"], b"", "swap"),
        (["ask", "--order", "x", "oil?"], b"", "newest"),
        (["add"], b"", "SOURCE"),
        (["add", "/nowhere/x.txt"], b"", "/nowhere/x.txt"),
        (["add", "ftp://example.org/x"], b"", "http"),
        (["add", "http://127.0.0.1/x"], b"", "--allow-private"),
        (["add", "x.txt", "--date", "soon"], b"", "YYYY"),
        (["add", "x.txt", "--language", "English"], b"", "--language"),
        (["add", "x.txt", "--title", " "], b"", "--title"),
        (["add", "x.txt", "y.txt", "--title", "T"], b"", "one"),
        (["remove", "nothing"], b"", "onrecord list"),
        (["show", "nothing"], b"", "usip-venezuela-2022"),
        (["ask", ""], b"", "empty"),
        (["ask", " \n\t"], b"", "empty"),
        (["ask", "\u202e\u200f"], b"", "empty"),
        (["ask"], b"", "empty"),
        (["ask", "x" * 100_000], b"", "100,000"),
        (["ask"], b"x" * 100_000, "characters"),
        (["ask"], "é".encode() * 100_000, "characters"),
        (["ask"], b"\xff\xfe\x00\x01", "UTF-8"),
        (["ask"], bytes(range(256)) * 100, "1,000"),
        (["ask", "--speaker", "Maduro", "oil?"], b"", "Keith Mines, Ana Caridad"),
        (["ask", "--speaker", "", "oil?"], b"", "Keith Mines, Ana Caridad"),
        (["ask", "--article", "x", "oil?"], b"", "usip-venezuela-2022"),
        (["ask", "--batch", "/nowhere/x.jsonl"], b"", "/nowhere/x.jsonl"),
        (["ask", "--batch", "/"], b"", "cannot be read"),
        (["ask", "--batch", "-", "oil?"], b"", "--batch"),
        (["eval", "/nowhere/x.jsonl"], b"", "/nowhere/x.jsonl"),
        (["build", "/nowhere/x.txt"], b"", "/nowhere/x.txt"),
        (["chat", "--port", "99999"], b"", "99999"),
        (["chat", "--port", "x"], b"", "'x'"),
        (["ask", "--nonsense", "oil?"], b"", "--help"),
        (["dance"], b"", "dance"),
        ([], b"", "--help"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_bad_input_is_one_line_and_exit_2(run, argv, stdin, says):
    """Whatever is wrong with what was asked: exit 2, nothing on standard output, one line that says what."""
    code, out, err = run(*argv, stdin=stdin)
    assert (code, out) == (2, "")
    assert is_one_complaint(err)
    assert says in err


@pytest.mark.parametrize(
    "question",
    ["\u202eoil reserves?\u202c", "oil\x07 reserves?", "oil\u200b reserves?", "\udcff oil reserves?"],
)
def test_odd_characters_are_answered(run, question):
    """Direction marks, control characters and undecodable bytes are no fault: exit 0, valid JSON."""
    code, out, err = run("ask", "--json", question)
    assert (code, err) == (0, "")
    assert json.loads(out)["status"] in ("answered", "declined")


def batch(*rows):
    return b"".join((row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows)


def test_a_batch_answers_in_order(run):
    """A batch gives one line a question, in order, each with its own id, of any JSON kind."""
    ids = ["a", 7, None, {"k": [1]}, True]
    rows = [{"id": id_, "question": FRONT if n % 2 else "hi"} for n, id_ in enumerate(ids)]
    code, out, err = run(
        "ask", "--json", "--batch", "-", stdin=batch(rows[0], b"", *rows[1:], {"question": "hi"})
    )
    answers = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [answer["id"] for answer in answers] == [*ids, None]
    assert [bool(answer["quotes"]) for answer in answers] == [False, True, False, True, False, False]
    assert all(list(answer) == TOP_KEYS for answer in answers)


def test_a_batch_from_a_file_without_last_line_end(run, tmp_path):
    """A batch file with a byte-order mark, CRLF and no last line end is read whole."""
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id":1,"question":"hi"}\r\n{"id":2,"question":"hi"}')
    code, out, _ = run("ask", "--json", "--batch", str(path))
    assert (code, [json.loads(line)["id"] for line in out.splitlines()]) == (0, [1, 2])


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (b"{", "not JSON"),
        (b"hello", "not JSON"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"[1]", "list"),
        (b"null", "NoneType"),
        (b"{}", "question"),
        (b'{"id": 1, "question": 3}', "question"),
        (b'{"id": 1, "question": "hi", "history": "x"}', "history"),
        (b'{"id": 1, "question": "hi", "history": [1]}', "history"),
        (b'{"id": 1, "question": "hi", "speaker": 1}', "speaker"),
        (b'{"id": 1, "question": "hi", "since": ["2022"]}', "since"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": 1, "question": ' + b"9" * 10_000 + b"}", "not JSON"),
    ],
    ids=lambda value: repr(value)[:25],
)
def test_a_bad_batch_line_is_named_and_the_others_answered(run, bad, says):
    """A line that cannot be read: its number on standard error, the others answered, exit 2 at the end."""
    good = [{"id": n, "question": "hi"} for n in (1, 3, 4)]
    code, out, err = run("ask", "--json", "--batch", "-", stdin=batch(good[0], bad, *good[1:]))
    assert code == 2
    assert [json.loads(line)["id"] for line in out.splitlines()] == [1, 3, 4]
    assert is_one_complaint(err)
    assert err.startswith("onrecord: line 2: ")
    assert says in err


@pytest.mark.parametrize("question", ["", "\u202e", "x" * 100_000])
def test_a_batch_line_with_no_fit_question_keeps_its_place(run, question):
    """A question empty or too long has its line named and is declined in its place, with its id; exit 2."""
    rows = [{"id": n, "question": q} for n, q in enumerate(["hi", question, "hi"])]
    code, out, err = run("ask", "--json", "--batch", "-", stdin=batch(*rows))
    answers = [json.loads(line) for line in out.splitlines()]
    assert (code, [answer["id"] for answer in answers]) == (2, [0, 1, 2])
    assert (answers[1]["status"], answers[1]["quotes"]) == ("declined", [])
    assert is_one_complaint(err)
    assert "line 2: " in err


def test_a_batch_lines_history_is_used(run):
    """A follow-up in a batch is read with its history; a null history is none."""
    rows = [
        {"id": 1, "question": "And Caridad?", "history": ["What is said about sanctions?"]},
        {"id": 2, "question": "hi", "history": None},
    ]
    code, out, _ = run("ask", "--json", "--batch", "-", stdin=batch(*rows))
    first = json.loads(out.splitlines()[0])
    assert code == 0
    assert {quote["speaker"] for quote in first["quotes"]} == {CARIDAD}


def test_a_history_of_odd_characters_is_answered(run):
    """A lone surrogate in a batch line's history stops nothing."""
    line = b'{"id": 1, "question": "And Caridad?", "history": ["oil \\ud800"]}'
    code, out, err = run("ask", "--json", "--batch", "-", stdin=batch(line, {"id": 2, "question": "hi"}))
    assert (code, err) == (0, "")
    assert [json.loads(row)["id"] for row in out.splitlines()] == [1, 2]


def test_output_is_json_for_any_id(run):
    """An id that Python reads but JSON does not know (NaN) is refused, or printed as JSON; never as NaN."""
    _, out, _ = run("ask", "--json", "--batch", "-", stdin=b'{"id": NaN, "question": "hi"}\n')

    def no_constant(name):
        raise AssertionError(f"{name} is no JSON")

    for line in out.splitlines():
        json.loads(line, parse_constant=no_constant)


def test_a_line_over_the_limit_counts_as_one_line(run):
    """A line longer than the limit is one bad line, and the line after it keeps its number."""
    code, out, err = run(
        "ask",
        "--json",
        "--batch",
        "-",
        stdin=b"x" * (MAX_BATCH_LINE + 10) + b"\n{\n" + batch({"id": 3, "question": "hi"}),
    )
    assert (code, [json.loads(line)["id"] for line in out.splitlines()]) == (2, [3])
    assert [line.split(":")[1].strip() for line in err.splitlines()] == ["line 1", "line 2"]


def test_an_empty_batch_is_nothing_to_do(run):
    """A batch without lines, or of blank ones, prints nothing and is exit 0."""
    assert run("ask", "--json", "--batch", "-", stdin=b"") == (0, "", "")
    assert run("ask", "--json", "--batch", "-", stdin=b"\n \n") == (0, "", "")


@pytest.mark.parametrize(
    "argv", [["ask", "oil?"], ["ask", "--batch", "-"], ["eval", str(ROOT / "tests/questions/dev.jsonl")]]
)
def test_without_an_index_the_next_step_is_told(run, tmp_path, argv):
    """Without an index: exit 2 and one line that says to run `onrecord build`."""
    code, out, err = run(*argv, stdin=batch({"id": 1, "question": "oil?"}), index=tmp_path)
    assert (code, out) == (2, "")
    assert is_one_complaint(err)
    assert "onrecord build" in err


def test_build_then_ask(run, tmp_path, monkeypatch, encoder):
    """`build` of a document says what it made, and the index then answers from that document."""
    monkeypatch.setattr("rag.encoder.encoder_of", lambda name: encoder)
    path = tmp_path / "talk.txt"
    path.write_text("Why?\n\nAnn Lee: Penguins cannot fly.\n\nAnn Lee: They swim.\n")
    code, out, err = run("build", str(path), index=tmp_path / "index")
    assert (code, err) == (0, "")
    assert "1 article(s), 2 passages, speakers: Ann Lee" in out
    answer = json.loads(run("ask", "--json", "Can penguins fly?", index=tmp_path / "index")[1])
    assert answer["quotes"][0]["text"] == "Penguins cannot fly."
    assert (answer["quotes"][0]["role"], answer["quotes"][0]["link"]) == (None, None)
    path.write_text("Why?\n\nAnn Lee: Penguins can fly.\n\nAnn Lee: They swim.\n")
    code, out, err = run("ask", "Can penguins fly?", index=tmp_path / "index")
    assert (code, out) == (2, "")
    assert is_one_complaint(err)
    assert "onrecord build" in err


def test_an_unwritable_index_is_one_line(run, tmp_path, monkeypatch, encoder):
    """Where the index folder cannot be written `build` is exit 2 with one line that names it."""
    monkeypatch.setattr("rag.encoder.encoder_of", lambda name: encoder)
    (tmp_path / "taken").write_text("mine")
    (tmp_path / "talk.txt").write_text("Ann Lee: Penguins swim.\n\nAnn Lee: Seals too.\n")
    code, out, err = run("build", str(tmp_path / "talk.txt"), index=tmp_path / "taken")
    assert (code, out) == (2, "")
    assert is_one_complaint(err)
    assert "taken" in err


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\0\0", b"no label here"])
def test_a_bad_document_is_one_line_and_the_old_index_stays(
    run, tmp_path, monkeypatch, encoder, seed_index, content
):
    """A document that is empty, binary or nobody's words: exit 2, one line, the index before answers."""
    monkeypatch.setattr("rag.encoder.encoder_of", lambda name: encoder)
    index_store.save(seed_index, tmp_path / "index", [SEED])
    (tmp_path / "bad.txt").write_bytes(content)
    code, _, err = run("build", str(tmp_path / "bad.txt"), index=tmp_path / "index")
    assert code == 2
    assert is_one_complaint(err)
    assert run("ask", FRONT, index=tmp_path / "index")[0] == 0


def test_eval_prints_the_table(run, tmp_path):
    """`eval` prints a row a kind, as text and as JSON, with the same figures."""
    row = {"id": "x", "kind": "fact", "question": FRONT, "speaker": None, "answers": ["both have played"]}
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(row))
    code, out, _ = run("eval", str(path))
    assert code == 0
    assert "| fact | 1 | 1 | 1.00 (1.00–1.00) |" in out
    report = json.loads(run("eval", "--json", str(path))[1])[str(path)]
    row = report["rows"][0]
    assert (row["kind"], row["first"], row["wrong_names"]) == ("fact", {"value": 1, "low": 1, "high": 1}, 0)
    assert (report["stated"], report["slips"]) == (1, None)


def test_a_stop_by_the_keyboard_is_130(run, monkeypatch):
    """Ctrl-C is exit 130 without a traceback."""

    def stopped(folder):
        raise KeyboardInterrupt

    monkeypatch.setattr("rag.cli.ask.open_bot", stopped)
    code, out, err = run("ask", "oil?")
    assert (code, out, err) == (130, "", "")


def started(*argv, **options):
    return subprocess.run(
        [sys.executable, *argv], capture_output=True, text=True, cwd=ROOT, check=False, **options
    )


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_imports_nothing_heavy(flag):
    """`--help` and `--version` import no slow library: neither numpy nor torch, gradio nor faiss."""
    program = (
        "import sys\nfrom rag.cli import main\ntry:\n main([sys.argv[1]])\nexcept SystemExit: pass\n"
        "heavy = 'numpy torch gradio faiss transformers onnxruntime tokenizers bm25s scipy tqdm'.split()\n"
        "print('HEAVY', [name for name in heavy if name in sys.modules])"
    )
    done = started("-c", program, flag)
    assert done.returncode == 0
    assert done.stdout.endswith("HEAVY []\n")


def test_the_command_as_a_process(index_folder):
    """As a process in a plain C locale the command prints UTF-8 JSON and exits 0; bad input exits 2."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    argv = ("-m", "rag.cli", "--index", str(index_folder), "ask")
    done = subprocess.run(
        [sys.executable, *argv, "--json", FRONT], capture_output=True, cwd=ROOT, check=False, env=environment
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "“hard to get”" in json.loads(done.stdout.decode("utf-8"))["quotes"][0]["text"]
    failed = started(*argv, "--speaker", "Müller", "oil?", env=environment)
    assert failed.returncode == 2
    assert "Traceback" not in failed.stderr
    assert failed.stderr.count("\n") == 1


def test_a_reader_that_leaves_is_no_fault(index_folder):
    """A pipe closed by its reader, as `| head -1` does, ends the batch quietly."""
    rows = batch(*[{"id": n, "question": "hi"} for n in range(2_000)])
    with subprocess.Popen(
        [sys.executable, "-m", "rag.cli", "--index", str(index_folder), "ask", "--json", "--batch", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        try:
            process.stdin.write(rows)
            process.stdin.close()
        except BrokenPipeError:
            pass
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        assert process.wait() == 0
    assert err == b""


# --- the archive -----------------------------------------------------------------------------------

OIL = "Why oil?\n\nAnn Lee: Oil is scarce in winter.\n\nAnn Lee: Prices rise by spring.\n"
GOLD = "Why gold?\n\nBo Ray: Gold is plenty in the hills.\n\nMira: look there.\n\nBo Ray: Nobody digs.\n"


@pytest.fixture
def archive(tmp_path, monkeypatch, capfd):
    """Runs the command over an archive of its own, without any model: exit code, output, complaints."""
    monkeypatch.setattr("rag.encoder.encoder_of", lambda name: FakeEncoder())
    monkeypatch.setattr(
        "rag.cli.ask.open_bot", lambda folder: Bot(index_store.load(folder), FakeEncoder(), WORD_READER)
    )
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "oil.txt").write_text(OIL, "utf-8")
    (tmp_path / "talks" / "oil.toml").write_text('title = "On oil"\ndate = "2021-05"\n')
    (tmp_path / "talks" / "gold.txt").write_text(GOLD, "utf-8")
    monkeypatch.chdir(tmp_path)

    def run_(*argv, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        try:
            code: object = main(["--index", "index", *argv])
        except SystemExit as stop:
            code = stop.code
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return run_


def lines(out):
    return [json.loads(line) for line in out.splitlines()]


def test_adding_shows_what_was_understood(archive):
    """`add` tells each document's facts and where they were found, who says how much, what is unsure."""
    code, out, err = archive("add", "talks")
    assert (code, err) == (0, "")
    assert "added: oil (talks/oil.txt)" in out
    assert "On oil  [oil.toml]" in out
    assert "Ann Lee: 9 words" in out
    assert "2 turns, 1 question" in out
    assert "no date was found" in out
    assert "2 article(s)" in out
    again = archive("add", "talks/oil.txt")
    assert again == (0, "already there: oil (talks/oil.txt)\n", "")


def test_a_dry_run_as_json_covers_the_text(archive, tmp_path):
    """`add --dry-run --json` prints a line a document: facts, text, and blocks over all of its words."""
    code, out, err = archive("add", "--dry-run", "--json", "talks")
    rows = {row["file"]: row for row in lines(out)}
    assert (code, err, list(rows)) == (0, "", ["talks/gold.txt", "talks/oil.txt"])
    oil = rows["talks/oil.txt"]
    assert list(oil) == ["file", "article", "text", "blocks"]
    assert oil["text"] == OIL
    assert oil["article"]["title"] == "On oil"
    assert oil["article"]["people"] == [{"name": "Ann Lee", "role": None, "aliases": []}]
    for row in rows.values():
        at = 0
        for block in row["blocks"]:
            assert list(block) == ["start", "end", "kind", "speaker", "label"]
            assert row["text"][at : block["start"]].strip() == ""
            at = block["end"]
        assert row["text"][at:].strip() == ""
    said = [row for row in oil["blocks"] if row["speaker"] == "Ann Lee"]
    assert [OIL[row["start"] : row["end"]] for row in said] == [
        "Oil is scarce in winter.",
        "Prices rise by spring.",
    ]
    assert not (tmp_path / "index").exists()


def test_a_bad_document_is_one_line_and_the_rest_is_added(archive, tmp_path):
    """One bad file is one line that begins with its name; the others are added; exit 2 at the end."""
    (tmp_path / "talks" / "bad.txt").write_bytes(b"\0")
    code, out, err = archive("add", "talks")
    assert code == 2
    assert err.startswith("onrecord: talks/bad.txt: ")
    assert is_one_complaint(err)
    assert "2 article(s)" in out
    assert archive("build", "talks")[0] == 2
    assert len(archive("list")[1].splitlines()) == 2


def test_list_and_show(archive):
    """`list` has a line an article, `show` its facts, its people with their words, and its turns."""
    archive("add", "talks")
    listed = {row["id"]: row for row in lines(archive("list", "--json")[1])}
    assert listed["oil"] == {
        "id": "oil",
        "date": "2021-05",
        "title": "On oil",
        "people": ["Ann Lee"],
        "words": 9,
    }
    assert any("Bo Ray" in line and "gold" in line for line in archive("list")[1].splitlines())
    shown = json.loads(archive("show", "oil", "--json")[1])
    assert shown["people"] == [{"name": "Ann Lee", "role": None, "aliases": [], "words": 9}]
    assert [turn["opening"] for turn in shown["turns"]] == [
        "Oil is scarce in winter.",
        "Prices rise by spring.",
    ]
    assert "Ann Lee: Oil is scarce in winter." in archive("show", "oil")[1]
    assert is_one_complaint(archive("show", "none")[2])


def test_remove_then_none_is_left(archive):
    """`remove` takes articles out; without any the next step is told."""
    archive("add", "talks")
    assert archive("remove", "oil")[:2] == (0, "removed oil; 1 article(s) in index\n")
    archive("remove", "gold")
    code, _, err = archive("list")
    assert code == 2
    assert "onrecord build" in err


def test_build_without_sources_is_of_what_is_there(archive, tmp_path):
    """`build` alone makes the index anew of what it holds, an edited facts file taken over."""
    archive("add", "talks/gold.txt")
    archive("build", "talks/oil.txt")
    path = tmp_path / "index" / "library" / "oil" / "facts.toml"
    path.write_text(path.read_text("utf-8").replace("2021-05", "2020"))
    code, out, err = archive("build")
    assert (code, err) == (0, "")
    assert "2 article(s)" in out
    assert {row["id"]: row["date"] for row in lines(archive("list", "--json")[1])} == {
        "oil": "2020",
        "gold": None,
    }


def test_facts_given_by_hand(archive):
    """`--title`, `--date` and `--speaker` say what the document does not."""
    code, out, _ = archive(
        "add", "talks/gold.txt", "--title", "On gold", "--date", "2019", "--speaker", "Bo Ray-Jones"
    )
    assert code == 0
    assert "On gold  [by hand]" in out
    assert "Bo Ray-Jones" in out
    assert lines(archive("list", "--json")[1])[0]["title"] == "On gold"


def test_an_articles_title_and_date_come_with_the_quote(archive):
    """A quote's JSON has its article's title and date and where else it is printed; the text shows them."""
    archive("add", "talks")
    quote = json.loads(archive("ask", "--json", "Is oil scarce in winter?")[1])["quotes"][0]
    assert (quote["title"], quote["date"], quote["also"]) == ("On oil", "2021-05", [])
    assert "On oil, 2021-05" in archive("ask", "Is oil scarce in winter?")[1]


def test_a_batch_lines_own_filters(archive):
    """A row's since, until, speaker and article count for it alone; a bad one is named, the rest answered."""
    archive("add", "talks")
    question = "Is oil scarce in winter?"
    rows = [
        {"id": 1, "question": question},
        {"id": 2, "question": question, "since": "2022"},
        {"id": 3, "question": question, "speaker": "Ray"},
        {"id": 4, "question": question, "article": "gold", "until": None},
        {"id": 5, "question": question, "speaker": "Nobody"},
        {"id": 6, "question": question, "until": "soon"},
        {"id": 7, "question": question, "until": "2021"},
    ]
    code, out, err = archive("ask", "--json", "--batch", "-", stdin=batch(*rows))
    answers = {answer["id"]: answer for answer in lines(out)}
    assert (code, list(answers)) == (2, [1, 2, 3, 4, 5, 6, 7])
    assert {n for n, answer in answers.items() if answer["status"] == "answered"} == {1, 7}
    assert [line.split(":")[1].strip() for line in err.splitlines()] == ["line 5", "line 6"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such terminal there")
def test_an_article_cannot_move_the_terminals_cursor_and_a_pipe_gets_every_character(tmp_path):
    """Control characters in a text are shown as what they are not on a terminal, and stay in a file."""
    import pty

    article = tmp_path / "talk.txt"
    evil = "the bridge \x1b]0;owned\x07fell\x1b[2J in May"
    article.write_text(
        f"What fell?\n\nAda Ash: It was {evil}, as all know.\n\nWhy?\n\nAda Ash: It was old.\n", "utf-8"
    )
    index = tmp_path / "index"
    assert main(["--index", str(index), "add", str(article)]) == 0
    command = [sys.executable, "-m", "rag.cli", "--index", str(index), "ask", "What fell in May?"]
    piped = subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout
    parent, child = pty.openpty()
    subprocess.run(command, stdout=child, check=True, cwd=ROOT)
    os.close(child)
    shown = os.read(parent, 10_000)
    os.close(parent)
    assert evil.encode() in piped
    assert b"\x1b" not in shown
    assert b"\x07" not in shown
    assert "the bridge �]0;owned".encode() in shown


def test_a_batch_line_says_its_order_and_its_style(run):
    """A line of a batch can have what the command line has; what is none is told."""
    rows = [
        {"id": 1, "question": "Have both sides been playing hard to get?", "cite": "apa", "order": "newest"},
        {"id": 2, "question": "Have both sides been playing hard to get?", "cite": "vogue"},
        {"id": 3, "question": "Have both sides been playing hard to get?", "order": "worst"},
    ]
    code, out, err = run("ask", "--batch", "-", "--json", stdin=batch(*rows))
    found = [json.loads(line) for line in out.splitlines()]
    assert code == 2
    assert [row["id"] for row in found] == [1, 2]
    assert "(2022" in found[0]["quotes"][0]["citation"]
    assert "no citation style 'vogue'" in found[1]["message"]
    assert "line 3: order is 'worst'" in err
