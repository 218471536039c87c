"""The embedded triple store answers as a SPARQL server does (pyoxigraph behind Python's http.server).

Needs pyoxigraph and pytest, and Temper's tests built:
    swift build -c release --build-tests -Xswiftc -enable-testing && pytest Tests/Interop/test_knowledge_graph.py
TEMPER_PACKAGE names the package's folder when it is not this file's; TEMPER_CONFIGURATION its build configuration (release).
"""

import os
import pathlib
import random
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph
import pytest

PACKAGE = os.environ.get("TEMPER_PACKAGE") or pathlib.Path(__file__).resolve().parents[2]
CONFIGURATION = os.environ.get("TEMPER_CONFIGURATION", "release")
NS = "http://rdf.freebase.com/ns/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def graph(seed=5):
    """A graph of Freebase's kind: types, ranges, relations both ways, cycles, values with types and languages, ties."""
    draw = random.Random(seed)
    kinds = {"film.film": 60, "people.person": 60, "location.city": 25, "film.studio": 15}
    relations = {
        "film.film.directed_by": ("film.film", "people.person", 2), "film.film.starring": ("film.film", "people.person", 3),
        "film.film.studio": ("film.film", "film.studio", 1), "film.film.sequel": ("film.film", "film.film", 1),
        "people.person.place_of_birth": ("people.person", "location.city", 1),
        "people.person.spouse": ("people.person", "people.person", 1), "people.person.knows": ("people.person", "people.person", 4),
        "location.city.twin": ("location.city", "location.city", 2), "film.studio.seat": ("film.studio", "location.city", 1),
    }
    names = {kind: [f"m.0{index}{position:03x}" for position in range(count)] for index, (kind, count) in enumerate(kinds.items())}
    lines = set()

    def say(subject, relation, value):
        lines.add(f"<{NS}{subject}> <{NS}{relation}> {value} .")

    def node(name):
        return f"<{NS}{name}>"

    def typed(value, kind):
        return f'"{value}"^^<{XSD}{kind}>'

    for kind, members in names.items():
        for name in members:
            say(name, "type.object.type", node(kind))
            say(name, "type.object.name", f'"Name \\"{name}\\" \\u00e9\\n"@en')
            if draw.random() < 0.3:
                say(name, "common.topic.alias", '"autre"@fr')
    for relation, (subject, target, most) in relations.items():
        say(relation, "type.property.expected_type", node(target))
        for name in names[subject]:
            for _ in range(draw.randint(0, most)):
                value = draw.choice(names[target])
                say(name, relation, node(value))
                if draw.random() < 0.5:
                    say(value, relation + "_of", node(name))
    for name in names["film.film"]:
        say(name, "film.film.year", typed(draw.randint(1990, 2000), "gYear"))
        say(name, "film.film.gross", typed(draw.randint(-5, 40), "integer"))
        if draw.random() < 0.5:
            say(name, "film.film.gross", typed(round(draw.uniform(-5, 40), 2), "decimal"))
        say(name, "film.film.title", f'"Titel {name}"@de')
        say(name, "film.film.title", f'"Title {name}"@en')
    for name in names["people.person"]:
        say(name, "people.person.date_of_birth", typed(f"{draw.randint(1900, 1999)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}", "date"))
        say(name, "people.person.height", typed(draw.choice(["1.6", "1.75", "1.8e0", "2"]), "double"))
    for name in names["location.city"]:
        say(name, "location.city.founded", typed(f"{draw.randint(1000, 1010)}-01-01T0{draw.randint(0, 9)}:00:00", "dateTime"))
    return "\n".join(sorted(lines)) + "\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    path = tmp_path_factory.mktemp("graph") / "graph.nt"
    path.write_text(graph(), encoding="utf-8")
    store = pyoxigraph.Store()
    store.load(path=str(path), format=pyoxigraph.RdfFormat.N_TRIPLES)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            query = urllib.parse.parse_qs(body, strict_parsing=True)["query"][0]
            try:
                with lock:
                    answer = store.query(query).serialize(format=pyoxigraph.QueryResultsFormat.JSON)
                status = 200
            except (SyntaxError, OSError) as error:
                answer, status = f"{error}\n{query}".encode(), 400
            self.send_response(status)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *arguments):
            pass

    service = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{service.server_port}/sparql", path
    service.shutdown()


def test_store_and_server_agree_on_200_generated_queries(server):
    url, path = server
    result = subprocess.run(
        ["swift", "test", "-c", CONFIGURATION, "--skip-build", "-Xswiftc", "-enable-testing", "--filter", "sameAnswersForInterop"],
        cwd=PACKAGE, env={**os.environ, "TEMPER_INTEROP_SPARQL": url, "TEMPER_INTEROP_TRIPLES": str(path)},
        capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]
    assert "200 queries" in result.stdout, result.stdout[-4000:]
    print([line for line in result.stdout.splitlines() if "200 queries" in line][0])
