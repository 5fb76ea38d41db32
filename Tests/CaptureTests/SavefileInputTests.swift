import Bytes
import Capture
import Glibc
import Packets
import Testing

@Suite("Capture files and pipes", .serialized)
struct SavefileInputTests {
    /// Little-endian pcap: port 80, port 81, port 80.
    private static let sample: [UInt8] = file(ports: [80, 81, 80])

    private static func file(ports: [UInt16]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(UInt32(0xA1B2_C3D4))
        bytes.appendLittleEndian(UInt16(2))
        bytes.appendLittleEndian(UInt16(4))
        bytes += [UInt8](repeating: 0, count: 8)
        bytes.appendLittleEndian(UInt32(65_535))
        bytes.appendLittleEndian(UInt32(1))
        for (index, port) in ports.enumerated() {
            let packet = SamplePacket(destination: port).ethernet
            bytes.appendLittleEndian(UInt32(index))
            bytes.appendLittleEndian(UInt32(0))
            bytes.appendLittleEndian(UInt32(packet.count))
            bytes.appendLittleEndian(UInt32(packet.count + 100))
            bytes += packet
        }
        return bytes
    }

    /// What came out of one input.
    private struct Reading: Equatable {
        var seconds: [Int64] = []
        var verdict: SavefileVerdict?
        var filteredOut: UInt64 = 0
    }

    private func read(
        _ path: String,
        filter: FilterExpression? = nil,
        stop: CaptureStop = CaptureStop()
    ) throws -> Reading {
        var input = try SavefileInput(path: path, filter: filter, stop: stop)
        var reading = Reading()
        reading.verdict = try input.read { bytes, packet in
            reading.seconds.append(packet.time.nanoseconds / 1_000_000_000)
            #expect(bytes.count == 54 && packet.originalLength == 154)
            #expect(packet.link == .ethernet && packet.interface == 0)
        }
        let progress = input.progress
        reading.filteredOut = progress.filteredOut
        #expect(progress.delivered == UInt64(reading.seconds.count))
        #expect(progress.counts.packets == progress.delivered + progress.filteredOut)
        return reading
    }

    @Test("A file is read to its end, with or without a filter")
    func regularFile() throws {
        let all = try withFile(Self.sample) { try read($0) }
        #expect(all == Reading(seconds: [0, 1, 2], verdict: .complete))
        let filtered = try withFile(Self.sample) { try read($0, filter: .ports([80])) }
        #expect(filtered == Reading(seconds: [0, 2], verdict: .complete, filteredOut: 1))
    }

    @Test("A file larger than what is read at once loses nothing at the seams")
    func largeFile() throws {
        let count = 40_000
        let bytes = Self.file(ports: [UInt16](repeating: 80, count: count))
        #expect(bytes.count > 2 << 20)
        let reading = try withFile(bytes) { try read($0) }
        #expect(reading == Reading(seconds: (0..<count).map { Int64($0) }, verdict: .complete))
    }

    @Test("A record that is longer than the buffer makes the buffer grow")
    func longRecord() throws {
        var bytes = Self.file(ports: [])
        let length = 3 << 20
        for value in [UInt32(7), 0, UInt32(length), UInt32(length)] { bytes.appendLittleEndian(value) }
        bytes += [UInt8](repeating: 0xAB, count: length)
        var limits = SavefileLimits()
        limits.packetLength = length
        try withFile(bytes) { path in
            var input = try SavefileInput(path: path, limits: limits)
            var lengths: [Int] = []
            let verdict = try input.read { bytes, _ in lengths.append(bytes.count) }
            #expect(lengths == [length] && verdict == .complete)
        }
    }

    @Test("A cut file gives what is whole, a foreign and an empty one are told apart")
    func brokenFiles() throws {
        let cut = try withFile(Array(Self.sample.dropLast())) { try read($0) }
        let verdict = SavefileVerdict.cut(offset: UInt64(24 + 2 * (16 + 54)))
        #expect(cut == Reading(seconds: [0, 1], verdict: verdict))
        let foreign = try withFile(Array("GIF89a, not a capture".utf8)) { try read($0) }
        #expect(foreign == Reading(verdict: .foreign))
        let empty = try withFile([]) { try read($0) }
        #expect(empty == Reading(verdict: .empty))
    }

    @Test("A file that is not there or is a folder is named with the reason")
    func unreadable() {
        let missing = #expect(throws: CaptureError.self) { try read("/nonexistent/x.pcap") }
        #expect(missing?.code == .unreadableFile)
        #expect(missing?.description == "/nonexistent/x.pcap cannot be read: No such file or directory")
        let folder = #expect(throws: CaptureError.self) { try read("/") }
        #expect(folder?.description == "/ cannot be read: Is a directory")
    }

    @Test("A minus sign is standard input, read as its bytes come", arguments: [1, 7, 4096])
    func standardInput(piece: Int) throws {
        let pipe = try Pipe()
        try pipe.asStandardInput {
            var input = try SavefileInput(path: "-", filter: .ports([80]))
            var seconds: [Int64] = []
            var verdict: SavefileVerdict?
            func dispatch() throws {
                let batch = try input.dispatch(milliseconds: 0) { _, packet in
                    seconds.append(packet.time.nanoseconds / 1_000_000_000)
                }
                if case .ended(let end) = batch { verdict = end }
            }
            // A silent pipe is no end.
            try dispatch()
            for start in stride(from: 0, to: Self.sample.count, by: piece) {
                pipe.write(Self.sample[start..<min(start + piece, Self.sample.count)])
                try dispatch()
            }
            #expect(seconds == [0, 2] && verdict == nil)
            pipe.closeWriteEnd()
            try dispatch()
            #expect(seconds == [0, 2] && verdict == .complete)
        }
    }

    @Test("A stop ends the wait for a silent pipe")
    func stop() throws {
        let pipe = try Pipe()
        let stop = CaptureStop()
        try pipe.asStandardInput {
            var input = try SavefileInput(path: "-", stop: stop)
            pipe.write(Self.sample[...])
            var count = 0
            let verdict = try input.read { _, _ in
                count += 1
                if count == 3 { stop.request() }
            }
            #expect(count == 3 && verdict == nil)
        }
    }

    private func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        var path = Array("/tmp/tapedeck-capture-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        try #require(descriptor >= 0)
        let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(name) }
        let written = bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { write(descriptor, $0, buffer.count) } ?? 0
        }
        #expect(written == bytes.count)
        close(descriptor)
        return try body(name)
    }
}

/// A pipe that stands in for standard input.
private final class Pipe {
    private let readEnd: Int32
    private var writeEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        closeWriteEnd()
    }

    func write(_ bytes: ArraySlice<UInt8>) {
        let count = bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { Glibc.write(writeEnd, $0, buffer.count) } ?? 0
        }
        #expect(count == bytes.count)
    }

    func closeWriteEnd() {
        if writeEnd >= 0 { close(writeEnd) }
        writeEnd = -1
    }

    /// Runs `body` while standard input is this pipe.
    func asStandardInput(_ body: () throws -> Void) throws {
        let saved = dup(STDIN_FILENO)
        dup2(readEnd, STDIN_FILENO)
        defer {
            if saved >= 0 {
                dup2(saved, STDIN_FILENO)
                close(saved)
            }
        }
        try body()
    }
}
