import Quantization

extension QuantizeOptions {
  /// Why reading an image by these options takes all pixels at once, if it does.
  var obstacle: String? {
    if quantizer.importance.name != Importance.none.name {
      return "--importance needs all pixels"
    }
    if quantizer.measuresDithering {
      return "a target with --dither needs all pixels"
    }
    if quantizer.leastRegion > 1 { return "--min-region needs all pixels" }
    return decoding.keepsGoing ? "--keep-going needs all pixels" : nil
  }
}
