import ImageFormats
import Testing
import _TestSupport

/// Animated PNGs: one image is read, and a warning tells of the others.
@Suite struct AnimatedPNGTests {
  /// A PNG with so many frames beside the image itself, which may be a frame
  /// too.
  private func file(_ frames: Int, showsImage: Bool) -> [UInt8] {
    var builder = PNGBuilder(
      width: 4, height: 3, bitDepth: 8, colorType: 2
    ) { x, y, channel in x * 40 + y * 20 + channel }
    let control = [UInt8](repeating: 0, count: 26)
    builder.chunks = [
      ("acTL", bigEndian(frames + (showsImage ? 1 : 0)) + bigEndian(0))
    ]
    if showsImage { builder.chunks.append(("fcTL", control)) }
    for frame in 0..<frames {
      builder.lateChunks += [
        ("fcTL", control), ("fdAT", bigEndian(frame) + [1, 2, 3]),
      ]
    }
    return builder.bytes()
  }

  @Test func saysWhatIsLeftOut() throws {
    for (frames, showsImage, warning) in [
      (5, true, "the PNG is animated: 5 more frames are left out"),
      (1, true, "the PNG is animated: 1 more frame is left out"),
      (
        6, false,
        "the PNG is animated, and the image that is used is not part of the "
          + "animation: its 6 frames are left out"
      ),
    ] {
      let image = try ImageDecoder.decode(
        file(frames, showsImage: showsImage))
      #expect(image.warnings == [warning])
      #expect(image.omittedFrames == frames)
      #expect(image.raster.size.pixelCount == 12)
    }
  }

  /// An animation of one frame loses nothing, nor does a PNG without any.
  @Test func saysNothingWithoutReason() throws {
    for showsImage in [false, true] {
      let image = try ImageDecoder.decode(file(0, showsImage: showsImage))
      #expect(image.warnings.isEmpty)
      #expect(image.omittedFrames == 0)
    }
  }

  /// A libpng keeps at most 1,000 chunks that it does not know.
  @Test func countsManyFrames() throws {
    let image = try ImageDecoder.decode(file(3_000, showsImage: true))
    #expect(image.omittedFrames == 3_000)
    #expect(image.warnings.count == 1)
  }
}
