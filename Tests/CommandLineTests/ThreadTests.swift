import Foundation
import Testing

/// The bytes that are written do not depend on the number of threads.
@Suite struct ThreadTests {
  private static let samples = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("samples")

  private static let names = [
    "cells.png", "logo.png", "pixel-art.png", "still-life.jpg", "sunset.jpg",
    "test-card.png",
  ]

  /// What is run; the last of each names the output.
  private static let options: [[String]] = [
    ["-k", "16", "-o", "a.png"],
    ["-k", "8", "-c", "3", "--mixing", "learned", "-o", "a.png"],
    ["-k", "auto", "--k-max", "12", "-o", "a.png"],
    ["-k", "12", "--perceptual", "-o", "a.png"],
    ["-k", "12", "--dither", "riemersma", "--optimize", "-o", "a.png"],
    ["-k", "300", "--variance", "per-component", "-o", "a.png"],
    ["-k", "6", "-c", "2", "--background", "#fff", "-o", "a.jpg"],
    ["-k", "5", "-c", "2", "--responsibilities", "r.npz", "-o", "a.png"],
  ]

  @Test(arguments: names)
  func bytesDoNotDependOnThreads(name: String) throws {
    let bench = try Workbench()
    try FileManager.default.copyItem(
      at: Self.samples.appendingPathComponent(name), to: bench.url(name))
    let input = try bench.read(name)
    for options in Self.options {
      var expected: [String: [UInt8]]?
      for threads in ["1", "2", "7"] {
        let run = try bench.run(
          [name, "--effort", "1", "--force", "-q", "--threads", threads]
            + options)
        #expect(run.status == 0, "\(name) \(options): \(run.error)")
        var written: [String: [UInt8]] = [:]
        for output in try bench.names() where output != name {
          written[output] = try bench.read(output)
          try FileManager.default.removeItem(at: bench.url(output))
        }
        #expect(written.values.allSatisfy { !$0.isEmpty && $0 != input })
        #expect(!written.isEmpty)
        #expect(
          expected == nil || expected == written,
          "\(name) \(options) with \(threads) threads")
        expected = written
      }
    }
  }
}
