import CQuantize
import Quantization

/// The settings of the drop-in, which images and results copy.
struct DropInAttributes {
  /// The numbers that are settings.
  static let (colors, speeds, opacities) = (2...256, 1...11, 0...255)

  var colors = 256
  var speed = 4
  var minOpacity = 255
  var posterization = 0
  var quality = 0...100
  var lastIsTransparent = false
  var log: (DropInLog, UnsafeMutableRawPointer?)?
  var progress: DropInProgress?
  var release: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?

  /// Our effort for a speed: with less error than libimagequant, and for small
  /// images too in no more time.
  var effort: Int { [8, 6, 4, 3, 3, 2, 2, 2, 1, 1, 1][speed - 1] }
}

/// A function that is told messages.
typealias DropInLog =
  @convention(c) (
    OpaquePointer?, UnsafePointer<CChar>?, UnsafeMutableRawPointer?
  ) -> Void

/// A function that is told how far work is, and ends it by returning 0.
struct DropInProgress {
  let function: @convention(c) (Float, UnsafeMutableRawPointer?) -> CInt
  let context: UnsafeMutableRawPointer?
}
