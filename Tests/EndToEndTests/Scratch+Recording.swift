import Foundation
import Testing

extension Scratch {
    /// Records requests and what `answer` says to each, two milliseconds apart and in turn over `connections`; answers the
    /// path of the trace.
    func record(
        _ requests: [String],
        connections: Int = 1,
        named name: String,
        _ answer: (ReceivedRequest) -> String
    ) throws -> String {
        var builder = CaptureBuilder()
        let start: Int64 = 1_700_000_000 * 1_000_000_000
        var lanes = (0..<connections).map { builder.open(port: UInt16(21_000 + $0), at: start) }
        for (number, text) in requests.enumerated() {
            let parts = text.components(separatedBy: "\r\n\r\n")
            let line = parts[0].components(separatedBy: " ")
            let request = ReceivedRequest(method: line[0], target: line[1], headers: [:], body: parts[1])
            let time = start + Int64(number + 1) * 2_000_000
            let lane = number % connections
            builder.send(&lanes[lane], fromClient: true, text, at: time)
            builder.send(&lanes[lane], fromClient: false, answer(request), at: time + 500_000)
        }
        let capture = path("\(name).pcap")
        let trace = path("\(name).trace.gz")
        try builder.file().write(to: URL(fileURLWithPath: capture))
        let run = try Program.run(["record", "-r", capture, "-w", trace, "--no-anonymize", "--quiet"])
        #expect(run.status == 0, "\(run.errors)")
        return trace
    }
}
