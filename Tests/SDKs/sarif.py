"""Whether what `tapedeck check --sarif` writes is SARIF 2.1.0, by a model that was made from its schema.

Every recording of the project is checked against a server that answers everything alike, so that all kinds of results come.
"""
import glob
import http.server
import json
import subprocess
import sys
import threading

import pydantic
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b'{"answer": 42}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *_):
        pass


def main(binary, folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    results = 0
    for number, trace in enumerate(sorted(glob.glob("Captures/*.trace.gz"))):
        path = "%s/%d.sarif" % (folder, number)
        check = subprocess.run(
            [binary, "check", trace, "--target", "http://127.0.0.1:%d" % server.server_port, "--speed", "100x",
             "--no-baseline", "--sarif", path, "--quiet"], capture_output=True, timeout=120)
        assert check.returncode in (0, 1, 3), check.stderr
        with open(path) as file:
            log = json.load(file)
        Log.model_validate(log)
        results += sum(len(run["results"]) for run in log["runs"])
        # The model refuses what the schema does.
        for run in log["runs"]:
            for result in run["results"][:1]:
                result["levle"] = "error"
                try:
                    Log.model_validate(log)
                except pydantic.ValidationError:
                    continue
                sys.exit("the model takes anything")
    assert results > 0, "no check found anything"
    print("SARIF: %d results of %d checks" % (results, number + 1))


main(*sys.argv[1:])
