import Capture
import Testing

@Suite("Errors of capturing")
struct CaptureErrorTests {
    @Test("Without permission the error names the remedy and the file it applies to")
    func permission() {
        let error = CaptureError.permissionDenied(interface: "eth0", executable: "/opt/bin/tapedeck")
        let expected =
            "capturing on eth0 is not permitted. "
            + "Run `sudo setcap cap_net_raw+ep /opt/bin/tapedeck` once, or run as root"
        #expect(error.description == expected)
        #expect(error.code == .permissionDenied)
    }

    @Test(
        "Opening an interface without permission gives that error",
        .enabled(if: !mayCapture, "has the permission")
    )
    func notPermitted() {
        let error = #expect(throws: CaptureError.self) {
            _ = try CaptureHandle(interface: "lo", stop: CaptureStop())
        }
        #expect(error?.code == .permissionDenied)
        #expect(error?.remedy?.hasPrefix("Run `sudo setcap cap_net_raw+ep /") == true)
    }

    @Test("An error without a remedy is its message")
    func message() {
        #expect(CaptureError(.failed, "the wire broke").description == "the wire broke")
    }

    @Test("The loopback interface is listed as such and is up")
    func interfaces() throws {
        let interfaces = try CaptureInterface.list()
        let loopback = try #require(interfaces.first { $0.name == "lo" })
        #expect(loopback.isLoopback && loopback.isUp)
        #expect(!interfaces.contains { $0.name.isEmpty })
    }
}
