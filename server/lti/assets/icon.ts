/** A way mark, white on the colour of the client's main buttons: what courses show beside Waymark's links. */
export const toolIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="64" height="64">' +
  '<rect width="24" height="24" rx="5" fill="#0b5563"/>' +
  '<path d="M11 4h2v16h-2z" fill="#fff"/>' +
  '<path d="M5.5 6h9.6l3.4 3-3.4 3H5.5z" fill="#fff" stroke="#fff" stroke-linejoin="round"/>' +
  '</svg>';
