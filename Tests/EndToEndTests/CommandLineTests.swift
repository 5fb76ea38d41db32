import Foundation
import Testing

/// What a person meets who types something wrong: a sentence that names it, and the right exit code.
@Suite struct CommandLineTests {
    struct Mistake: CustomTestStringConvertible {
        var arguments: [String]
        var status: Int32
        /// What the sentence on standard error must name.
        var names: [String]

        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(arguments: [
        // An unknown flag is named.
        Mistake(
            arguments: ["record", "-i", "lo", "-w", "x.trace.gz", "--frobnicate"],
            status: 2,
            names: ["--frobnicate"]
        ),
        // Nothing to record from.
        Mistake(arguments: ["record", "-w", "x.trace.gz"], status: 2, names: ["-i", "-r"]),
        // A missing file is named, with the reason.
        Mistake(
            arguments: ["record", "-r", "/nowhere/x.pcap", "-w", "x.trace.gz"],
            status: 2,
            names: ["/nowhere/x.pcap", "No such file"]
        ),
        Mistake(arguments: ["inspect", "/nowhere/x.trace.gz"], status: 2, names: ["/nowhere/x.trace.gz"]),
        Mistake(arguments: ["cat", "/dev/null"], status: 2, names: ["/dev/null"]),
        // Values that do not parse are named, never replaced by a default.
        Mistake(
            arguments: ["replay", "x.trace.gz", "--target", "http://127.0.0.1:1", "--speed", "2y"],
            status: 2,
            names: ["2y"]
        ),
        Mistake(
            arguments: ["replay", "x.trace.gz", "--target", "http://127.0.0.1:1", "--rate", "many"],
            status: 2,
            names: ["many"]
        ),
        Mistake(
            arguments: ["record", "-i", "lo", "-w", "x.trace.gz", "--duration", "10"],
            status: 2,
            names: ["10"]
        ),
        Mistake(
            arguments: ["record", "-i", "lo", "-w", "x.trace.gz", "--filter", "method=GET verb=x"],
            status: 2,
            names: ["--filter", "'verb'", "position 12"]
        ),
        Mistake(
            arguments: ["replay", "x.trace.gz", "--target", "http://127.0.0.1:1", "--filter", "status=5xx"],
            status: 2,
            names: ["--filter", "status"]
        ),
        Mistake(
            arguments: [
                "replay", "x.trace.gz", "--target", "http://127.0.0.1:1", "--abort-if", "errors > 5 for 10s",
            ],
            status: 2,
            names: ["--abort-if", "'5'", "5%"]
        ),
        Mistake(
            arguments: [
                "replay", "x.trace.gz", "--target", "https://127.0.0.1:1", "--cert", "/nowhere/c.pem",
            ],
            status: 2,
            names: ["--cert /nowhere/c.pem", "No such file"]
        ),
        Mistake(
            arguments: [
                "replay", "x.trace.gz", "--target", "http://127.0.0.1:1", "--unix-socket", "/dev/null",
            ],
            status: 2,
            names: ["--unix-socket /dev/null", "no socket"]
        ),
        Mistake(
            arguments: [
                "check", "x.trace.gz", "--target", "http://a.example", "--resolve", "b.example:80:10.0.0.7",
            ],
            status: 2,
            names: ["--resolve b.example:80:10.0.0.7", "a.example:80"]
        ),
        Mistake(
            arguments: [
                "replay", "x.trace.gz", "--target", "http://127.0.0.1:1", "--cert", "/dev/null",
                "--key-password", "hunter2hunter2",
            ],
            status: 2,
            names: ["--key-password", "env:", "file:"]
        ),
        Mistake(
            arguments: [
                "replay", "x.trace.gz", "--target", "http://127.0.0.1:1", "--proxy",
                "http://me:hunter2@a.example",
            ],
            status: 2,
            names: ["--proxy", "--proxy-credentials env:"]
        ),
        // A secret on the command line is refused and not repeated.
        Mistake(
            arguments: [
                "replay", "x.trace.gz", "--target", "http://127.0.0.1:1", "--sign", "mesh=hunter2hunter2",
            ],
            status: 2,
            names: ["env:", "file:"]
        ),
        Mistake(
            arguments: ["record", "-i", "nosuch0", "-w", "x.trace.gz"],
            status: 2,
            names: ["nosuch0", "lo"]
        ),
    ]) func aMistakeIsNamed(mistake: Mistake) throws {
        let scratch = try Scratch()
        let run = try Program.run(mistake.arguments.map { $0 == "x.trace.gz" ? scratch.path($0) : $0 })
        #expect(run.status == mistake.status)
        #expect(run.output.isEmpty, "data goes to standard output, and there is none")
        for name in mistake.names { #expect(run.errors.contains(name), "\(run.errors)") }
        #expect(!run.errors.contains("hunter2"), "a secret is never repeated")
    }

    @Test(arguments: ["record", "replay", "check", "inspect", "cat", "audit", "repair", "target", "demo"])
    func everySubcommandHasHelpWithAnExample(subcommand: String) throws {
        let run = try Program.run([subcommand, "--help"])
        #expect(run.status == 0)
        #expect(run.text.contains("tapedeck \(subcommand)"))
        #expect(run.text.contains("Example"))
    }

    @Test func anEmptyAndAForeignFileAreNotCaptures() throws {
        let scratch = try Scratch()
        for content in ["", "hello, this is no capture at all, whatever its name says"] {
            try Data(content.utf8).write(to: scratch.url.appending(path: "x.pcap"))
            let run = try Program.run([
                "record", "-r", scratch.path("x.pcap"), "-w", scratch.path("x.trace.gz"),
            ])
            #expect(run.status == 2)
            #expect(run.errors.contains("x.pcap"))
            #expect(!FileManager.default.fileExists(atPath: scratch.path("x.trace.gz")))
        }
    }

    @Test func anExistingTraceIsNotOverwrittenUnasked() throws {
        let scratch = try Scratch()
        try CaptureBuilder.steady(count: 4, seconds: 1, connections: 1).file()
            .write(to: scratch.url.appending(path: "x.pcap"))
        let arguments = ["record", "-r", scratch.path("x.pcap"), "-w", scratch.path("x.trace.gz")]
        #expect(try Program.run(arguments).status == 0)
        let refused = try Program.run(arguments)
        #expect(refused.status == 2)
        #expect(refused.errors.contains("--force"))
        #expect(try Program.run(arguments + ["--force"]).status == 0)
    }

    @Test func aCutCaptureIsUsedAsFarAsItIsWhole() throws {
        let scratch = try Scratch()
        let whole = CaptureBuilder.steady(count: 100, seconds: 1, connections: 2).file()
        try whole.prefix(whole.count - 700).write(to: scratch.url.appending(path: "cut.pcap"))
        let run = try Program.run([
            "record", "-r", scratch.path("cut.pcap"), "-w", scratch.path("cut.trace.gz"), "--json",
        ])
        #expect(run.status == 3)
        #expect(run.errors.contains("cut.pcap"))
        let requests = try #require(try run.json()["requests"] as? Int)
        #expect((95...100).contains(requests))
    }
}
