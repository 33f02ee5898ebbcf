// In a file of its own, because the page's Content-Security-Policy allows no inline script.
const language = document.documentElement.lang;

// swagger-ui heads a group of operations with its name; the document says what people call it.
const Headings = {
  wrapComponents: {
    DeepLink: (Original, system) => (props) => {
      const tags = system.specSelectors.specJson().get("tags");
      const told = tags?.find((tag) => tag.get("name") === props.text)?.get("x-displayName");
      return system.React.createElement(Original, { ...props, text: told ?? props.text });
    },
  },
};

SwaggerUIBundle({
  url: "api/v1/openapi.json",
  dom_id: "#reference",
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [Headings],
  deepLinking: true,
  docExpansion: "list",
  showExtensions: true,
  // Otherwise the page would send the address of the document to swagger.io.
  validatorUrl: null,
  // The document and every answer to what is tried are in the language of the page.
  requestInterceptor: (request) => {
    request.headers = { "Accept-Language": language, ...request.headers };
    // With a token, without the cookie of whoever is signed in here as well; else by that cookie.
    if (request.headers.Authorization) request.credentials = "omit";
    else if ((request.method ?? "GET") !== "GET") request.headers["X-CSRF-Protection"] = "1";
    return request;
  },
});

// swagger-ui speaks English alone; these are the words it shows itself.
const WORDS = {
  "Authorize": "登录",
  "Authorized": "已登录",
  "Available authorizations": "登录方式",
  "Cancel": "取消",
  "Clear": "清除",
  "Close": "关闭",
  "Code": "状态码",
  "Curl": "命令行",
  "Default value": "默认值",
  "Description": "说明",
  "Details": "详情",
  "Download": "下载",
  "Edit Value": "编辑",
  "Example Value": "示例",
  "Execute": "发送",
  "Extensions": "扩展信息",
  "Links": "链接",
  "Logout": "退出",
  "Media type": "内容类型",
  "Name": "名称",
  "No links": "无链接",
  "No parameters": "无参数",
  "Parameters": "参数",
  "Request URL": "请求地址",
  "Request body": "请求体",
  "Request duration": "用时",
  "Reset": "重置",
  "Response body": "应答体",
  "Response headers": "应答头",
  "Responses": "应答",
  "Schema": "结构",
  "Schemas": "数据结构",
  "Send empty value": "发送空值",
  "Server response": "服务应答",
  "Servers": "服务地址",
  "Try it out": "试用",
  "Undocumented": "文档未列出",
};

function translate(node) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  for (let text = walker.currentNode; text; text = walker.nextNode()) {
    const word = text.nodeType === Node.TEXT_NODE && WORDS[text.data.trim()];
    if (word && !text.parentElement?.closest("pre, code, .markdown, .renderedMarkdown")) text.data = word;
  }
}

if (language === "zh") {
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      translate(target);
      addedNodes.forEach(translate);
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}
