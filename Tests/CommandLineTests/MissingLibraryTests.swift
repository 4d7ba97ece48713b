import CSoftShims
import Foundation
import Testing
import _TestSupport

#if os(Linux)
  /// Libraries that are loaded only when an output needs them.
  @Suite struct MissingLibraryTests {
    /// A bench with an image, and a folder in which the loader finds files
    /// that are no libraries before it finds the real ones.
    private func bench() throws -> (Workbench, [String: String]) {
      let bench = try Workbench()
      try bench.write(
        TestRasters.noisyGradient(width: 24, height: 16), to: "in.png")
      try FileManager.default.createDirectory(
        at: bench.url("libraries"), withIntermediateDirectories: true)
      for name in [
        String(cString: qz_exr_library()), String(cString: qz_tiff_library()),
        "libtiff.so.5",
      ] {
        try bench.write(Array("no library".utf8), to: "libraries/\(name)")
      }
      return (bench, ["LD_LIBRARY_PATH": bench.url("libraries").path])
    }

    @Test(arguments: [
      ("soft.exr", String(cString: qz_exr_library()), "libopenexr-dev"),
      ("soft.tiff", String(cString: qz_tiff_library()), "libtiff-dev"),
    ])
    func anOutputThatNeedsOneIsRefused(
      name: String, library: String, package: String
    ) throws {
      let (bench, environment) = try bench()
      let run = try bench.run(
        ["in.png", "-k", "4", "-o", "out.png", "--responsibilities", name],
        environment: environment)
      #expect(run.status != 0)
      #expect(run.errorLines.count == 1)
      #expect(run.error.contains(library))
      #expect(run.error.contains(package))
      // Before any work is done.
      #expect(try bench.names() == ["in.png", "libraries"])
    }

    @Test(arguments: ["soft.npz", "soft.ora"])
    func otherOutputsNeedNone(name: String) throws {
      let (bench, environment) = try bench()
      let run = try bench.run(
        ["in.png", "-k", "4", "-o", "out.png", "--responsibilities", name],
        environment: environment)
      #expect(run.status == 0, "\(run.error)")
      #expect(try bench.names().contains(name))
    }
  }
#endif
