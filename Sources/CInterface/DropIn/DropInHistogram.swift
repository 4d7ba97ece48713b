import Quantization
import Rasters

/// The colours of several images of the drop-in.
struct DropInHistogram {
  var colors = HistogramMerger()
  var fixed: [RGBColor] = []
  var hasFixedTransparency = false
}
