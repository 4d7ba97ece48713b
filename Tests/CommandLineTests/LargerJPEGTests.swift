import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Fewer colours make a JPEG larger, and the command says so.
@Suite struct LargerJPEGTests {
  private static let photo = TestRasters.make(width: 160, height: 120) { x, y in
    UInt32(x * 255 / 160) << 16 | UInt32(y * 255 / 120) << 8
      | UInt32((x + y) * 255 / 280)
  }

  /// The sizes that a warning names: result, input, plain encoding.
  private func sizes(_ text: String) -> [Int] {
    guard text.contains("the JPEG of fewer colours has") else { return [] }
    return text.split { !$0.isNumber }.compactMap { Int($0) }
  }

  @Test(arguments: ["a.jpg", "a.png"])
  func warns(input: String) throws {
    let bench = try Workbench()
    let whole = try JPEGEncoder(quality: 80).encode(Self.photo)
    if input == "a.jpg" {
      try bench.write(whole, to: input)
    } else {
      try bench.write(Self.photo, to: input)
    }
    let run = try bench.run(
      [input, "-k", "8", "--jpeg-quality", "80", "-o", "b.jpg"])
    #expect(run.status == 0)
    let plain = try JPEGEncoder(quality: 80).encode(
      try ImageDecoder.decode(try bench.read(input)).raster
    ).count
    let written = try bench.read("b.jpg").count
    try #require(written > plain)
    #expect(
      sizes(run.error) == [written, try bench.read(input).count, plain],
      "\(run.error)")
    #expect(run.error.contains("write a PNG"))
    let batch = try bench.run(
      [
        "batch", input, "-k", "8", "--jpeg-quality", "80", "--format", "jpeg",
        "-o", "out",
      ])
    #expect(batch.error.contains("the JPEG of fewer colours has"))
  }

  /// All colours are the picture as it was.
  @Test func saysNothingOfSmallerOnes() throws {
    let bench = try Workbench()
    try bench.write(Self.photo, to: "a.png")
    let bytes = try JPEGEncoder(quality: 95).encode(Self.photo)
    try bench.write(bytes, to: "a.jpg")
    for input in ["a.png", "a.jpg"] {
      let run = try bench.run(
        [input, "-k", "65536", "--jpeg-quality", "50", "-o", "\(input)b.jpg"])
      #expect(run.status == 0)
      #expect(run.error.isEmpty, "\(run.error)")
    }
  }
}
