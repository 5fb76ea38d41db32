package import Foundation

/// A certificate for 127.0.0.1 with its key, in PEM files; nobody vouches for it but itself.
package struct LoopbackCertificate: Sendable {
    package let path: String
    package let keyPath: String

    /// The program that makes it is missing, or has failed.
    package struct Failure: Error {
        package var message = "openssl made no certificate: .ci/setup test installs it"
    }

    /// Makes `certificate.pem` and `key.pem` in a folder.
    package init(in folder: URL) throws {
        path = folder.appending(path: "certificate.pem").path
        keyPath = folder.appending(path: "key.pem").path
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", keyPath, "-out", path, "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
            "subjectAltName=IP:127.0.0.1",
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        guard openssl.terminationStatus == 0 else { throw Failure() }
    }
}
