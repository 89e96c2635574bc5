// The API documentation page, without anything from outside: <div id="docs" data-document="/api/openapi.json"></div>
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

const page = document.getElementById("docs");
SwaggerUI({ domNode: page, url: page.dataset.document, deepLinking: true, validatorUrl: null });
