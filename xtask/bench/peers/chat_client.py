"""The chat client of a first course: it speaks first, turn by turn, until somebody says bye."""

import socket
import sys

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect(("127.0.0.1", int(sys.argv[1])))
while True:
    text = input()
    client.send(text.encode())
    if text == "bye":
        break
    answer = client.recv(1024).decode()
    print("server:", answer, flush=True)
    if not answer or answer == "bye":
        break
client.close()
