import Foundation
import ImageFormats
import Testing

/// The bytes that are written do not depend on the number of threads, and what is
/// in them only changes on purpose: Fixtures/golden.txt has a hash of each output.
/// `QUANTIZE_GOLDEN=write swift test --no-parallel …` writes that file anew.
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
    var hashes: [String] = []
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
      for (output, bytes) in (expected ?? [:]).sorted(by: { $0.key < $1.key }) {
        hashes.append(
          "\(name) \(options.joined(separator: " ")): \(output) "
            + String(try Self.hash(bytes), radix: 16))
      }
    }
    try Golden.check(hashes, of: name)
  }

  /// The hash (FNV-1a) of an image's samples, which libraries for compression do
  /// not change, or of another file's bytes.
  private static func hash(_ bytes: [UInt8]) throws -> UInt64 {
    var content = bytes
    if (try? ImageDecoder.header(of: bytes)) != nil {
      let raster = try ImageDecoder.decode(bytes, into: .input).raster
      content = raster.samples + [UInt8(raster.channels.count)]
    }
    return content.reduce(0xcbf2_9ce4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
  }
}
