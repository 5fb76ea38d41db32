import Foundation
import Glibc
import Testing

/// A headless Chromium of the test's own, driven over the pipes of its DevTools protocol; killed when it is let go.
final class Chromium {
    private let scratch: Scratch
    private let process: pid_t
    private let commands: Int32
    private let replies: Int32
    private var pending: [UInt8] = []
    private var lastNumber = 0
    /// Dialogs that pages opened, which only scripts do.
    private(set) var dialogs: [String] = []
    /// What pages wrote to the console, and what they threw.
    private(set) var console: [String] = []
    private var session: String?

    static let executable = ["chromium", "chromium-headless-shell", "google-chrome", "chrome-headless-shell"]
        .flatMap { name in ["/usr/bin/", "/usr/local/bin/", "/opt/google/chrome/"].map { $0 + name } }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    struct Failure: Error { var what: String }

    /// Seconds for one command, and for what a page is waited for.
    private static let patience = 60.0

    init() throws {
        scratch = try Scratch()
        let executable = try #require(Self.executable, "chromium is not installed: .ci/setup build test")
        var down: [Int32] = [0, 0]
        var up: [Int32] = [0, 0]
        guard pipe(&down) == 0, pipe(&up) == 0 else { throw Failure(what: "pipe") }
        for descriptor in down + up { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        let arguments = [
            executable, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-extensions", "--disable-background-networking", "--disable-component-update",
            "--disable-default-apps", "--disable-sync", "--metrics-recording-only", "--mute-audio",
            "--no-default-browser-check", "--remote-debugging-pipe",
            "--user-data-dir=" + scratch.path("profile"),
            "about:blank",
        ]
        (process, commands, replies) = (
            try Self.spawn(arguments, reading: down[0], writing: up[1]), down[1], up[0]
        )
        close(down[0])
        close(up[1])
        let target = try call("Target.createTarget", ["url": "about:blank"])["targetId"] as? String
        let attached = try call("Target.attachToTarget", ["targetId": try #require(target), "flatten": true])
        session = try #require(attached["sessionId"] as? String)
        for domain in ["Page", "Runtime", "Log"] { try call(domain + ".enable") }
        try call(
            "Emulation.setDeviceMetricsOverride",
            ["width": 1_280, "height": 800, "deviceScaleFactor": 1, "mobile": false]
        )
    }

    /// It has many children: all of its group go.
    deinit {
        kill(-process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        close(commands)
        close(replies)
    }

    /// Starts a program that reads commands from descriptor 3 and answers on 4, in a group of its own.
    private static func spawn(_ arguments: [String], reading: Int32, writing: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Out of the way first: the two may be 3 and 4 themselves.
        posix_spawn_file_actions_adddup2(&actions, reading, 101)
        posix_spawn_file_actions_adddup2(&actions, writing, 102)
        posix_spawn_file_actions_adddup2(&actions, 101, 3)
        posix_spawn_file_actions_adddup2(&actions, 102, 4)
        for number: Int32 in [101, 102] { posix_spawn_file_actions_addclose(&actions, number) }
        for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for word in words + variables { free(word) } }
        var process: pid_t = 0
        guard posix_spawn(&process, arguments[0], &actions, &attributes, &words, &variables) == 0 else {
            throw Failure(what: "cannot start \(arguments[0])")
        }
        return process
    }
}

extension Chromium {
    /// Goes to an address and waits until the page is loaded.
    func open(_ address: String) throws {
        try call("Page.navigate", ["url": address])
        try wait(for: "document.readyState === 'complete' && location.href !== 'about:blank'")
    }

    /// What an expression comes to, promises awaited; a script that throws is a failure.
    @discardableResult
    func evaluate(_ expression: String) throws -> Any? {
        let reply = try call(
            "Runtime.evaluate",
            ["expression": expression, "awaitPromise": true, "returnByValue": true]
        )
        if let details = reply["exceptionDetails"] as? [String: Any] {
            throw Failure(what: "\(expression): \(details["exception"] ?? details)")
        }
        return (reply["result"] as? [String: Any])?["value"]
    }

    /// Looks until an expression is true.
    func wait(for expression: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let deadline = Date(timeIntervalSinceNow: Self.patience)
        while Date() < deadline {
            if try evaluate("Boolean(\(expression))") as? Bool == true { return }
            usleepUntilNextLook()
        }
        Issue.record("in vain: \(expression)", sourceLocation: sourceLocation)
        throw Failure(what: "in vain: \(expression)")
    }

    /// Presses and lets go of a key, by its name in the page.
    func press(_ key: String) throws {
        let codes = [
            "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowRight": 39, "ArrowDown": 40, "ArrowUp": 38,
        ]
        var event: [String: Any] = ["type": "keyDown", "key": key]
        if let code = codes[key] { event["windowsVirtualKeyCode"] = code }
        if key.count == 1 { event["text"] = key }
        if key == "Enter" { event["text"] = "\r" }
        try call("Input.dispatchKeyEvent", event)
        event["type"] = "keyUp"
        event["text"] = nil
        try call("Input.dispatchKeyEvent", event)
    }

    /// Types into what has the focus.
    func type(_ text: String) throws { try call("Input.insertText", ["text": text]) }

    /// Sends a command and waits for its reply; what pages do meanwhile is noted.
    @discardableResult
    func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        lastNumber += 1
        let number = lastNumber
        try send(method, parameters, number)
        let deadline = Date(timeIntervalSinceNow: Self.patience)
        while let message = try next(until: deadline) {
            if message["id"] as? Int == number {
                if let error = message["error"] { throw Failure(what: "\(method): \(error)") }
                return message["result"] as? [String: Any] ?? [:]
            }
            try note(message)
        }
        throw Failure(what: "\(method): no reply")
    }

    private func note(_ event: [String: Any]) throws {
        let parameters = event["params"] as? [String: Any] ?? [:]
        switch event["method"] as? String {
        case "Page.javascriptDialogOpening":
            dialogs.append(parameters["message"] as? String ?? "?")
            lastNumber += 1
            try send("Page.handleJavaScriptDialog", ["accept": true], lastNumber)
        case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded":
            console.append("\(parameters)")
        default: break
        }
    }

    private func send(_ method: String, _ parameters: [String: Any], _ number: Int) throws {
        var command: [String: Any] = ["id": number, "method": method, "params": parameters]
        if let session { command["sessionId"] = session }
        let bytes = try JSONSerialization.data(withJSONObject: command) + [0]
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(commands, $0.baseAddress?.advanced(by: sent), bytes.count - sent)
            }
            guard count > 0 else { throw Failure(what: "chromium has gone") }
            sent += count
        }
    }

    /// The next message, each of which ends with a zero; `nil` when it is too late.
    private func next(until deadline: Date) throws -> [String: Any]? {
        while true {
            if let end = pending.firstIndex(of: 0) {
                let message = Data(pending[..<end])
                pending.removeSubrange(...end)
                return try JSONSerialization.jsonObject(with: message) as? [String: Any]
            }
            let left = deadline.timeIntervalSinceNow
            var look = pollfd(fd: replies, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&look, 1, Int32(left * 1_000)) > 0 else { return nil }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = read(replies, &buffer, buffer.count)
            guard count > 0 else { throw Failure(what: "chromium has gone") }
            pending += buffer[..<count]
        }
    }
}

extension Program {
    /// The program under test itself.
    convenience init(arguments: [String]) throws { try self.init(Program.tapedeck, arguments) }
}
