import Anonymization
import Bytes
import Compression
import Configuration
import Glibc
import JSON
import Messages
import Packets
import Recording
import Streams
import Traces

// RoomBenchmarks CAPTURE BENCHMARK ROUNDS: runs one benchmark over what is in a capture and prints its unit, how many units
// a round has, and of one unit the nanoseconds and the allocations, between tabs. Without a benchmark it lists them.

let benchmarks: [(name: String, unit: String, run: (Input, Int) throws -> Measurement)] = [
    (
        "packets", "segment",
        { input, rounds in
            let dissector = PacketDissector()
            return Measurement(rounds: rounds) {
                var reader = SavefileReader()
                var cursor = 0
                var segments = 0
                while case .packet(let packet) = reader.next(in: input.file.span, from: &cursor, isLast: true)
                {
                    let bytes = input.file.span.extracting(packet.bytes.bounds)
                    if case .segment = dissector.dissect(
                        bytes,
                        originalLength: packet.originalLength,
                        link: packet.link
                    ) {
                        segments += 1
                    }
                }
                return segments
            }
        }
    ),
    (
        "streams", "segment",
        { input, rounds in
            Measurement(rounds: rounds) {
                var reassembler = Reassembler()
                var sink = NoStreams()
                for (segment, packet) in input.segments {
                    let payload = input.file.span.extracting(packet.bytes.bounds)
                        .extracting(segment.payload.bounds)
                    reassembler.receive(segment, payload: payload, at: packet.time, into: &sink)
                }
                return input.segments.count
            }
        }
    ),
    (
        "messages", "message",
        { input, rounds in
            var conversation = HTTPConversation(joined: false)
            var sink = NoMessages()
            return Measurement(rounds: rounds) {
                for (kind, bytes) in input.data { conversation.receive(bytes.span, from: kind, into: &sink) }
                return input.data.count
            }
        }
    ),
    (
        "anonymization", "message",
        { input, rounds in
            var anonymizer = try anonymizer()
            return Measurement(rounds: rounds) {
                for message in input.messages {
                    var message = message
                    anonymizer.anonymize(&message)
                }
                return input.messages.count
            }
        }
    ),
    (
        "anonymization, bodies alone", "kilobyte",
        { input, rounds in
            var anonymizer = try anonymizer()
            return Measurement(rounds: rounds) {
                var bytes = 0
                for message in input.messages {
                    var message = message
                    bytes += message.body.count
                    anonymizer.anonymize(&message)
                }
                return bytes / 1000
            }
        }
    ),
    (
        "JSON, tokens alone", "kilobyte",
        { input, rounds in
            try Measurement(rounds: rounds) {
                var bytes = 0
                for message in input.messages where message.head.isJSON {
                    var scanner = JSONScanner(message.body.span)
                    while try scanner.next() != nil {}
                    bytes += message.body.count
                }
                return bytes / 1000
            }
        }
    ),
    (
        "packets to records", "message",
        { input, rounds in
            Measurement(rounds: rounds) {
                var pipeline = RecordingPipeline(anonymizer: nil, output: NoRecords())
                for packet in input.packets {
                    pipeline.receive(
                        input.file.span.extracting(packet.bytes.bounds),
                        originalLength: packet.originalLength,
                        link: packet.link,
                        at: packet.time
                    )
                }
                return pipeline.output.count
            }
        }
    ),
    (
        "traces, encoding", "record",
        { input, rounds in
            var encoder = BlockEncoder()
            return try Measurement(rounds: rounds) {
                for record in input.records {
                    try encoder.append(record)
                    if encoder.bytes.count > 256 << 10 { encoder.removeAll() }
                }
                return input.records.count
            }
        }
    ),
    (
        "compression, blocks", "kilobyte",
        { input, rounds in
            var deflater = BlockDeflater(level: 1)
            var output: [UInt8] = []
            return Measurement(rounds: rounds) {
                var bytes = 0
                for block in input.blocks {
                    output.removeAll(keepingCapacity: true)
                    deflater.append(block.span, to: &output)
                    bytes += block.count
                }
                return bytes / 1000
            }
        }
    ),
]

func anonymizer() throws -> Anonymizer {
    var generator = SystemRandomNumberGenerator()
    return Anonymizer(ruleSets: try AnonymizerChoice.usual(), key: PseudonymKey(using: &generator))
}

func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return bytes
}

let arguments = CommandLine.arguments
if arguments.count < 4 {
    for benchmark in benchmarks { print(benchmark.name) }
    exit(0)
}
guard let file = contents(of: arguments[1]), let rounds = Int(arguments[3]), rounds > 0,
    let benchmark = benchmarks.first(where: { $0.name == arguments[2] })
else {
    print("RoomBenchmarks CAPTURE BENCHMARK ROUNDS")
    exit(2)
}
let result = try benchmark.run(try Input(file), rounds)
let allocations = result.allocations.map { "\(Double($0) / Double(result.units))" } ?? "-"
print(
    benchmark.unit,
    result.units,
    Double(result.nanoseconds) / Double(result.units),
    allocations,
    separator: "\t"
)
