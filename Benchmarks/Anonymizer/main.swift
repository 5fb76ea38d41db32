import Anonymization
import Configuration
import Foundation

// AnonymizerBenchmark detect FILE [--details]: what the usual rule sets find in labelled payloads, and what they leave alone.
// AnonymizerBenchmark speed FOLDER [ROUNDS [anonymize | zlib]]: payloads below a folder, anonymized and by `zlib -1`, on one
// core; with a name only one of the two, for a profiler.

let arguments = CommandLine.arguments

func anonymizer() throws -> Anonymizer {
    var generator = SystemRandomNumberGenerator()
    return Anonymizer(ruleSets: try AnonymizerChoice.usual(), key: PseudonymKey(using: &generator))
}

switch arguments.count > 2 ? arguments[1] : "" {
case "detect":
    var anonymizer = try anonymizer()
    let payloads = try LabelledPayload.all(in: URL(fileURLWithPath: arguments[2]))
    let detection = try Detection(of: payloads, by: &anonymizer)
    detection.print(isDetailed: arguments.contains("--details"))
case "speed":
    let folder = URL(fileURLWithPath: arguments[2])
    let rounds = arguments.count > 3 ? Int(arguments[3]) ?? 5 : 5
    let comparison = try SpeedComparison(of: folder)
    if arguments.count > 4 {
        try comparison.run(arguments[4], rounds: rounds)
    } else {
        try comparison.run(rounds: rounds)
    }
default:
    print("AnonymizerBenchmark detect FILE [--details] | speed FOLDER [ROUNDS [anonymize | zlib]]")
    exit(2)
}
