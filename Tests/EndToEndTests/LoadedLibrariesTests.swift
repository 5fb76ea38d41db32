import Foundation
import Testing

/// Which libraries every command loads before it does anything.
@Suite struct LoadedLibrariesTests {
    /// libcurl brings some 35 others, which take longer to load than all the rest.
    @Test func onlyWhatSendsThroughItLoadsLibcurl() throws {
        let run = try Program.run(["--version"], environment: ["LD_TRACE_LOADED_OBJECTS": "1"])
        #expect(run.text.contains("libpcap"), "the loader lists what it would load")
        #expect(!run.text.contains("libcurl"))
    }
}
