#!/usr/bin/env python3
"""What Microsoft Presidio finds in labelled payloads, in the tables of AnonymizerBenchmark.

  Benchmarks/presidio.py FILE

It is given each payload as it stands. A place counts as found where one of its findings covers all of it, whatever the kind, and a
look-alike as left alone where none touches it. All recognizers for English with the thresholds that come with Presidio; names need
a model of spaCy: en_core_web_lg, en_core_web_md or en_core_web_sm, the first that is installed.
"""

import collections
import json
import logging
import sys


def analyzer():
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    installed = spacy.util.get_installed_models()
    for model in ("en_core_web_lg", "en_core_web_md", "en_core_web_sm"):
        if model in installed:
            break
    else:
        sys.exit("presidio.py: no English model of spaCy is installed")
    engine = NlpEngineProvider(nlp_configuration={
        "nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}],
    }).create_engine()
    return model, AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])


def main():
    logging.disable(logging.WARNING)
    try:
        model, engine = analyzer()
    except ImportError:
        sys.exit("presidio.py: presidio-analyzer is not installed")
    found, kept = collections.Counter(), collections.Counter()
    of = collections.Counter()
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            payload = json.loads(line)
            text = payload["payload"]
            raw = text.encode()
            results = engine.analyze(text=text, language="en")
            # Findings count characters, labels bytes.
            at = lambda offset: len(raw[:offset].decode())
            for place in payload["spans"]:
                start, end = at(place["start"]), at(place["end"])
                of[place["type"]] += 1
                found[place["type"]] += any(r.start <= start and end <= r.end for r in results)
            for place in payload["decoys"]:
                if place["path"] in ("Cookie", "blob", "/token"):
                    continue
                start, end = at(place["start"]), at(place["end"])
                of[place["kind"]] += 1
                kept[place["kind"]] += not any(r.start < end and start < r.end for r in results)
    print("Presidio with %s\n" % model)
    for title, shares in (("found", found), ("left alone", kept)):
        print("| %s | of | share |\n|---|---|---|" % title)
        for kind in sorted(shares):
            print("| %s | %d of %d | %.2f %% |" % (kind, shares[kind], of[kind], 100 * shares[kind] / of[kind]))
        hits, every = sum(shares.values()), sum(of[kind] for kind in shares)
        print("| all | %d of %d | %.2f %% |\n" % (hits, every, 100 * hits / max(1, every)))


if __name__ == "__main__":
    main()
