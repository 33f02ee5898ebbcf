// In a file of its own, because the page's Content-Security-Policy allows no inline script.
SwaggerUIBundle({
  url: "api/v1/openapi.json",
  dom_id: "#reference",
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
  docExpansion: "list",
  showExtensions: true,
  // Otherwise the page would send the address of the document to swagger.io.
  validatorUrl: null,
});
