import ColorModels
import ImageQuality
import Quantization
import QuantizeKit
import Rasters
import TruncatedEM

/// What is said of a result, as JSON.
public struct FitAnswer: Encodable, Sendable {
  /// An entry of the palette.
  public struct Entry: Encodable, Sendable {
    /// `#rrggbb`.
    let hex: String
    let alpha: UInt8

    /// How many pixels have it, and their share of all.
    let pixels: Int
    let share: Double

    /// The component of the mixture that it is the mean of.
    let component: Int?

    /// σ of the component, in units of the working space.
    let sigma: Double?

    /// The coordinates of the colour in the working space.
    let point: [Double]
    let name: String?
    let pinned: Bool
  }

  /// How good the result is.
  public struct Figures: Encodable, Sendable {
    let mse: Double

    /// In dB; absent where nothing differs.
    let psnr: Double?

    /// The mean CIEDE2000.
    let deltaE: Double?

    /// The bytes of the PNG.
    let bytes: Int?

    /// F a pixel, in nats.
    let freeEnergy: Double?
    let sigma: Double
    let entropy: Double?
    let iterations: Int
    let converged: Bool
  }

  /// The time that it took.
  public struct Milliseconds: Encodable, Sendable {
    let fit: Double
    let map: Double
    let measure: Double
  }

  /// The name of the result; empty until it is kept.
  public var id = ""
  let width: Int
  let height: Int
  let reduction: Int
  let bits = 8
  let palette: [Entry]
  let space: String
  let cprime: Int
  let components: Int
  let figures: Figures
  let milliseconds: Milliseconds
  let command: String
  let warnings: [String]

  init(
    _ request: FitRequest, _ image: QuantizedImage, _ fitted: FittedPalette,
    pinned: [RGBColor], _ measured: PictureFit.Measured?,
    picture: OpenPicture, milliseconds: Milliseconds, reduction: Int,
    space: WorkingSpace, arguments: [String]
  ) {
    let model = fitted.fit.model
    width = image.mappedSize.width
    height = image.mappedSize.height
    self.reduction = reduction
    self.space = space.rawValue
    cprime = fitted.fit.truncation.count
    components = model.components
    self.milliseconds = milliseconds
    command = ShellWord.line(arguments)
    warnings = fitted.warnings()
    let names = request.names
    let converter = WorkingSpace.Converter(space, in: .sRGB)
    let pixels = Double(max(1, image.mappedSize.pixelCount))
    palette = image.palette.entries.map { entry in
      let point = converter.coordinates(
        entry.color.red, entry.color.green, entry.color.blue)
      return Entry(
        hex: entry.color.hex, alpha: entry.alpha, pixels: entry.count,
        share: Double(entry.count) / pixels, component: entry.component,
        sigma: entry.component.map {
          (model.variances?[$0] ?? model.variance).squareRoot()
        },
        point: [point.x, point.y, point.z], name: names[entry.color],
        pinned: pinned.contains(entry.color))
    }
    let distortion = image.distortion
    figures = Figures(
      mse: distortion.meanSquaredError,
      psnr: distortion.peakSignalToNoiseRatio.isFinite
        ? distortion.peakSignalToNoiseRatio : nil,
      deltaE: measured?.difference.mean, bytes: measured?.bytes,
      freeEnergy: (measured?.evaluation?.freeEnergy
        ?? fitted.fit.iterations.last?.freeEnergy).flatMap {
          $0.isFinite ? $0 : nil
        },
      sigma: model.variance.squareRoot(),
      entropy: measured?.evaluation?.entropy,
      iterations: fitted.fit.iterations.count,
      converged: fitted.fit.converged)
  }
}

extension QuantizedImage {
  fileprivate var mappedSize: ImageSize {
    switch mapped {
    case .indexed(let image): image.size
    case .colors(let raster): raster.size
    case .deep(let raster): raster.size
    }
  }
}
