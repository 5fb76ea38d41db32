import Foundation
import Testing

/// A terminal of the test's own, so that a program thinks that somebody looks.
final class PseudoTerminal {
    /// The program's side.
    let program: FileHandle
    private let own: Int32

    /// TIOCSPTLCK and TIOCGPTN of ioctl_tty(2), which the module of the C library does not know.
    private static let unlock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    init(columns: UInt16, rows: UInt16) throws {
        own = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var lock: Int32 = 0
        var number: Int32 = 0
        guard own >= 0, ioctl(own, Self.unlock, &lock) == 0, ioctl(own, Self.getNumber, &number) == 0 else {
            throw POSIXError(.ENXIO)
        }
        let side = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard side >= 0 else { throw POSIXError(.ENXIO) }
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard ioctl(side, UInt(TIOCSWINSZ), &size) == 0 else { throw POSIXError(.ENXIO) }
        program = FileHandle(fileDescriptor: side, closeOnDealloc: true)
    }

    deinit { close(own) }

    /// What has come so far, up to the end of the program where it has closed its side.
    func read() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var look = pollfd(fd: own, events: Int16(POLLIN), revents: 0)
            guard poll(&look, 1, 0) > 0 else { break }
            let count = Foundation.read(own, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Runs tapedeck with the terminal as its standard error; answers what it wrote there.
    func run(
        _ arguments: [String],
        term: String = "xterm",
        within seconds: TimeInterval = 30
    ) throws -> (text: String, status: Int32) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Program.tapedeck)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["TERM": term]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = program
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        var text = ""
        let deadline = Date(timeIntervalSinceNow: seconds)
        while process.isRunning, Date() < deadline {
            text += read()
            usleepUntilNextLook()
        }
        #expect(!process.isRunning)
        text += read()
        return (text, process.terminationStatus)
    }
}

/// A terminal's screen as a text leaves it; it knows the few sequences that the program uses, and no others.
struct Screen {
    private(set) var lines: [[Character]] = [[]]
    private var row = 0
    private var column = 0
    /// Sequences that it does not know.
    private(set) var unknown: [String] = []
    /// The widest that a line ever was.
    private(set) var widest = 0

    /// What is to be seen, without blanks at the end.
    var text: String {
        lines.map { String($0).trimmingSuffix(" ") }.joined(separator: "\n").trimmingSuffix("\n")
    }

    mutating func show(_ text: String) {
        var rest = Substring(text)
        while let character = rest.popFirst() {
            switch character {
            case "\r\n":
                column = 0
                goDown()
            case "\n": goDown()
            case "\r": column = 0
            case "\u{1B}":
                let sequence = rest.prefix { !$0.isLetter }
                rest = rest.dropFirst(sequence.count)
                if let end = rest.popFirst() { obey(String(sequence), end) }
            default: put(character)
            }
        }
    }

    private mutating func goDown() {
        row += 1
        while lines.count <= row { lines.append([]) }
    }

    private mutating func put(_ character: Character) {
        while lines[row].count <= column { lines[row].append(" ") }
        lines[row][column] = character
        column += 1
        widest = max(widest, column)
    }

    private mutating func obey(_ sequence: String, _ end: Character) {
        let number = Int(sequence.drop { !$0.isNumber }) ?? 1
        switch (end, sequence.hasPrefix("[?")) {
        case ("A", false): row = max(0, row - number)
        case ("C", false): column += number
        case ("K", false): lines[row].removeSubrange(min(column, lines[row].count)...)
        case ("J", false):
            lines[row].removeSubrange(min(column, lines[row].count)...)
            lines.removeSubrange((row + 1)...)
        // Synchronized updates.
        case ("h", true), ("l", true): if number != 2026 { unknown.append("\(sequence)\(end)") }
        default: unknown.append("\(sequence)\(end)")
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}
