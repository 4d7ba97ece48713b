import Rasters

/// Where the first frame of an animation lies on its canvas. Around it there is
/// nothing.
struct FrameOnCanvas {
  /// The canvas.
  let canvas: ImageSize

  /// The pixels left of the frame.
  let left: Int

  /// The rows above it.
  let top: Int

  /// The frame's own size.
  let frame: ImageSize

  /// Pixels of a canvas that no file has to account for.
  private static let freePixels = 16 << 20

  /// Places a frame.
  ///
  /// - Returns: `nil` where a side is 0 or the frame reaches beyond the canvas.
  init?(
    width: UInt32, height: UInt32, left: UInt32, top: UInt32,
    frameWidth: UInt32, frameHeight: UInt32
  ) {
    guard let canvas = ImageSize(width: Int(width), height: Int(height)),
      let frame = ImageSize(
        width: Int(frameWidth), height: Int(frameHeight)),
      Int(left) + frame.width <= canvas.width,
      Int(top) + frame.height <= canvas.height
    else { return nil }
    self.canvas = canvas
    self.left = Int(left)
    self.top = Int(top)
    self.frame = frame
  }

  /// Whether the frame covers all of the canvas.
  var isWhole: Bool { frame == canvas }

  /// Whether the canvas is in proportion to its frame: a few bytes must not ask for
  /// gigabytes of nothing.
  var isInProportion: Bool {
    canvas.pixelCount - Self.freePixels <= 16 * frame.pixelCount
  }

  /// The rows of the canvas that the frame has a part in.
  var rows: Range<Int> { top..<top + frame.height }

  /// What is said of the frames behind the first.
  static func warnings(omitted: Int, of format: InputFormat) -> [String] {
    guard omitted > 0 else { return [] }
    let frames = omitted == 1 ? "frame is" : "frames are"
    return [
      "the \(format.name) is animated: \(omitted) more \(frames) left out"
    ]
  }
}
