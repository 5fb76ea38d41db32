import FuzzTargets
import Glibc
import Synchronization

/// The loop of libFuzzer (llvm/lib/Fuzzer/FuzzerInterface.h); it returns when the options say so.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// `tapedeck-fuzz TARGET`, then the options and folders of libFuzzer.
@main
struct Entry {
    static let target = Mutex<FuzzTarget?>(nil)

    static func main() {
        guard CommandLine.argc > 1, let name = CommandLine.arguments.dropFirst().first,
            let target = FuzzTarget(rawValue: name)
        else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " | ")
            let usage = Array("usage: tapedeck-fuzz \(names) [options and folders of libFuzzer]\n".utf8)
            write(STDERR_FILENO, usage, usage.count)
            exit(2)
        }
        Self.target.withLock { $0 = target }
        // The name of the program stands before the options once more.
        var arguments = CommandLine.unsafeArgv
        arguments[1] = arguments[0]
        arguments += 1
        var count = CommandLine.argc - 1
        exit(runDriver(&count, &arguments, fuzzOneInput))
    }
}

private func fuzzOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    Entry.target.withLock { $0 }?.run(UnsafeBufferPointer(start: bytes, count: count).span)
    return 0
}
