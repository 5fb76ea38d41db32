// swift-tools-version: 6.3
import PackageDescription

// The cores under libFuzzer and AddressSanitizer. `Sources` holds links to the rooms of the main package, so that they
// are compiled with the fuzzer's instrumentation and what is `package` there is within reach.

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "tapedeck-fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate"),
        .systemLibrary(name: "CNGHTTP2", pkgConfig: "libnghttp2"),
        .target(name: "Bytes"),
        .target(name: "Compression", dependencies: ["Bytes", "CZlib", "CDeflate"]),
        .target(name: "HeaderCompression", dependencies: ["Bytes", "CNGHTTP2"]),
        .target(name: "JSON", dependencies: ["Bytes"]),
        .target(name: "Packets", dependencies: ["Bytes"]),
        .target(name: "Streams", dependencies: ["Bytes", "Packets"]),
        .target(name: "Messages", dependencies: ["Bytes", "Compression", "HeaderCompression"]),
        .target(name: "Signatures", dependencies: ["Bytes", "Messages", crypto]),
        .target(
            name: "Anonymization",
            dependencies: ["Bytes", "JSON", "Packets", "Compression", "Messages", crypto]
        ),
        .target(name: "Traces", dependencies: ["Bytes", "JSON", "Packets", "Compression", "Messages"]),
        .target(
            name: "Recording",
            dependencies: [
                "Bytes", "Packets", "Streams", "Messages", "Signatures", "Anonymization", "Traces",
            ]
        ),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Bytes", "JSON", "Packets", "Streams", "Messages", "Anonymization", "Traces", "Recording",
            ]
        ),
        .executableTarget(
            name: "tapedeck-fuzz",
            dependencies: ["FuzzTargets"],
            // The usual linker does not take the debug information that comes with the sanitizers.
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]
        ),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableExperimentalFeature("Lifetimes"),
    ]
}
